internal import FerryPacket

/// The headers of the last packets, in so much memory and no more: the oldest make room.
struct HeaderRing {
    /// A packet's headers with their options, and what an ICMP error quotes.
    static let snap = 128
    /// The time, the length on the wire, and how much was kept.
    private static let slot = 16 + snap

    private var bytes: [UInt8]
    private var next = 0
    private(set) var count = 0
    private let slots: Int

    /// A ring that takes `memory` bytes.
    init(memory: Int) {
        slots = max(1, memory / HeaderRing.slot)
        bytes = []
        bytes.reserveCapacity(min(slots, 4096) * HeaderRing.slot)
    }

    mutating func add(_ packet: UnsafeRawBufferPointer, time: Int64, wireLength: Int) {
        let kept = min(packet.count, HeaderRing.snap)
        // The memory is taken as packets come: on a quiet line the ring stays small.
        if bytes.count < (next + 1) * HeaderRing.slot {
            bytes.append(contentsOf: repeatElement(0, count: HeaderRing.slot))
        }
        let start = next * HeaderRing.slot
        bytes.withUnsafeMutableBytes { all in
            all.storeBytes(of: time, toByteOffset: start, as: Int64.self)
            all.storeBytes(of: UInt32(clamping: wireLength), toByteOffset: start + 8, as: UInt32.self)
            all.storeBytes(of: UInt32(kept), toByteOffset: start + 12, as: UInt32.self)
            let place = UnsafeMutableRawBufferPointer(rebasing: all[start + 16..<start + 16 + kept])
            place.copyMemory(from: UnsafeRawBufferPointer(rebasing: packet[..<kept]))
        }
        next = (next + 1) % slots
        count = min(count + 1, slots)
    }

    /// A capture file of the packets since `time`, in nanoseconds of the wall clock.
    func file(since time: Int64) -> [UInt8] {
        var writer = PcapWriter(link: .rawIP, snapLength: UInt32(HeaderRing.snap))
        bytes.withUnsafeBytes { all in
            for index in 0..<count {
                let start = (next - count + index + 2 * slots) % slots * HeaderRing.slot
                let at = all.load(fromByteOffset: start, as: Int64.self)
                guard at >= time else { continue }
                let kept = Int(all.load(fromByteOffset: start + 12, as: UInt32.self))
                writer.append(
                    UnsafeRawBufferPointer(rebasing: all[start + 16..<start + 16 + kept]),
                    at: PacketTime(nanoseconds: at),
                    wireLength: Int(all.load(fromByteOffset: start + 8, as: UInt32.self))
                )
            }
        }
        return writer.bytes
    }
}
