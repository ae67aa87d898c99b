internal import CFerryLinux
internal import FerryAddress
internal import FerryPacket
internal import Glibc

/// Packets as they pass this host, from the moment on that it is made. Needs CAP_NET_RAW.
final class PacketTap {
    private let descriptor: Int32
    private var buffer = [UInt8](repeating: 0, count: PacketFilter.snap)
    /// Packets that the kernel could not keep so far.
    private(set) var lost = 0

    /// Of a second of a full gigabit's headers, what a thread that is late has to find again.
    private static let room: Int32 = 8 << 20

    /// Taps for what `filter` takes; nil with the system's error number if this process may not.
    init?(_ filter: PacketFilter, problem: inout Int32) {
        let instructions = filter.instructions
        descriptor = ferry_tap_open(instructions, UInt16(instructions.count), PacketTap.room)
        problem = errno
        if descriptor < 0 { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Whether this process may.
    static var isPermitted: Bool {
        var problem: Int32 = 0
        return PacketTap(PacketFilter(host: .loopback4, ports: [9], takesErrors: false), problem: &problem) != nil
    }

    /// Why a tap could not be made, in words.
    static func explanation(_ problem: Int32) -> String {
        let isForbidden = problem == EPERM || problem == EACCES
        return isForbidden
            ? "it may not capture packets: run it as root or give it CAP_NET_RAW"
            : "packets cannot be captured: \(String(cString: strerror(problem)))"
    }

    /// Hands on what has come, each with the length that it had before the filter cut it, waiting at most `milliseconds` for the first.
    func take(within milliseconds: Int32, _ body: (UnsafeRawBufferPointer, ferry_tapped) -> Void) {
        var one = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&one, 1, milliseconds) > 0 else { return }
        var packet = ferry_tapped()
        buffer.withUnsafeMutableBytes { bytes in
            // So many at most, so that whoever is to stop it is heard on a busy line.
            for _ in 0..<4096 {
                let count = ferry_tap_next(descriptor, bytes.baseAddress, bytes.count, &packet)
                guard count > 0 else { return }
                // A loopback hands over each packet twice: as it is sent, and as it comes.
                if packet.is_loopback == 1, packet.is_outgoing == 1 { continue }
                let kept = UnsafeRawBufferPointer(rebasing: bytes[..<Int(count)])
                packet.length = UInt32(clamping: UncutLength.of(kept, told: Int(packet.length)))
                body(kept, packet)
            }
        }
        lost += Int(ferry_tap_lost(descriptor))
    }
}

extension FlowAddress {
    /// The same as packets have it.
    init(_ address: IPAddress) {
        switch address {
        case .v4(let word): self.init(v4: word)
        case .v6(let high, let low, _): self.init(v6High: high, low: low)
        }
    }
}
