/// A TCP segment in an IPv4 packet, read and changed in place.
struct TCPSegment {
    /// The flags of its header.
    struct Flags: OptionSet {
        var rawValue: UInt8
        static let fin = Flags(rawValue: 1)
        static let syn = Flags(rawValue: 2)
        static let rst = Flags(rawValue: 4)
        static let psh = Flags(rawValue: 8)
        static let ack = Flags(rawValue: 16)
    }

    let bytes: UnsafeMutableRawBufferPointer
    private let header: Int
    private let dataOffset: Int
    private let end: Int

    /// The segment in the packet `bytes`; nil if it is something else, a later fragment, or cut short.
    init?(_ bytes: UnsafeMutableRawBufferPointer) {
        guard let packet = IPv4Packet(bytes), bytes[9] == 6, bytes[6] & 0x1F == 0, bytes[7] == 0 else { return nil }
        header = packet.headerLength
        end = min(bytes.count, Int(bytes[2]) << 8 | Int(bytes[3]))
        guard end >= header + 20 else { return nil }
        dataOffset = Int(bytes[header + 12] >> 4) * 4
        guard dataOffset >= 20, header + dataOffset <= end else { return nil }
        self.bytes = bytes
    }

    var source: IPv4Address { IPv4Address(bits: word(12)) }
    var destination: IPv4Address { IPv4Address(bits: word(16)) }
    var timeToLive: UInt8 { bytes[8] }
    var identification: UInt16 { half(4) }
    var sourcePort: UInt16 { half(header) }
    var destinationPort: UInt16 { half(header + 2) }
    var sequence: UInt32 { word(header + 4) }
    var acknowledgement: UInt32 { word(header + 8) }
    var flags: Flags { Flags(rawValue: bytes[header + 13]) }
    var window: UInt16 { half(header + 14) }
    var payload: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[(header + dataOffset)..<end]) }

    /// Whether it asks for a connection.
    var isRequest: Bool { flags.contains(.syn) && !flags.contains(.ack) }
    /// Whether it answers such a request.
    var isAnswer: Bool { flags.contains(.syn) && flags.contains(.ack) }

    /// The sequence number after it.
    var next: UInt32 {
        sequence &+ UInt32(payload.count) &+ (flags.contains(.syn) ? 1 : 0) &+ (flags.contains(.fin) ? 1 : 0)
    }

    /// Overwrites the options of these kinds with ones that say nothing, and mends the checksum.
    func strip(_ kinds: Set<UInt8>) {
        var place = header + 20
        let last = header + dataOffset
        while place < last {
            let kind = bytes[place]
            if kind == 0 { return }
            guard kind != 1 else {
                place += 1
                continue
            }
            guard place + 1 < last, bytes[place + 1] >= 2, place + Int(bytes[place + 1]) <= last else { return }
            let length = Int(bytes[place + 1])
            if kinds.contains(kind) { for index in place..<(place + length) { replace(index, with: 1) } }
            place += length
        }
    }

    /// RFC 1624, equation 3, for one byte.
    private func replace(_ place: Int, with value: UInt8) {
        let isHigh = (place - header) % 2 == 0
        let before = UInt32(bytes[place]) << (isHigh ? 8 : 0)
        let after = UInt32(value) << (isHigh ? 8 : 0)
        bytes[place] = value
        var sum = UInt32(~half(header + 16)) + UInt32(~UInt16(before)) + after
        while sum >> 16 != 0 { sum = (sum & 0xFFFF) + (sum >> 16) }
        let checksum = ~UInt16(sum)
        bytes[header + 16] = UInt8(checksum >> 8)
        bytes[header + 17] = UInt8(checksum & 255)
    }

    private func half(_ place: Int) -> UInt16 { UInt16(bytes[place]) << 8 | UInt16(bytes[place + 1]) }
    private func word(_ place: Int) -> UInt32 { UInt32(half(place)) << 16 | UInt32(half(place + 2)) }
}
