internal import FerryAddress

/// Walks through a packet from a stranger; every step past its end is nil, never a trap.
struct DNSReader {
    private let packet: [UInt8]
    /// Offset of the next byte; never past the end.
    var position = 0

    init(_ packet: [UInt8]) { self.packet = packet }

    mutating func word() -> UInt16? {
        guard packet.count - position >= 2 else { return nil }
        defer { position += 2 }
        return UInt16(packet[position]) << 8 | UInt16(packet[position + 1])
    }

    mutating func bytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard let end = end(ofNext: count) else { return nil }
        defer { position = end }
        return packet[position..<end]
    }

    /// The offset after the next `count` bytes, if there are so many.
    func end(ofNext count: Int) -> Int? { packet.count - position >= count ? position + count : nil }

    /// Reads a name, following its compression pointers (RFC 1035 section 4.1.4).
    ///
    /// Every pointer must lead to before the place where the part it was found in began: such a walk only goes down
    /// and so ends, whatever the packet holds.
    mutating func name() -> DomainName? {
        var wire: [UInt8] = []
        var cursor = position
        var start = position
        var next: Int?
        while cursor < packet.count {
            let length = Int(packet[cursor])
            if length >= 0xC0 {
                guard cursor + 1 < packet.count else { return nil }
                let target = (length & 0x3F) << 8 | Int(packet[cursor + 1])
                guard target < start else { return nil }
                next = next ?? cursor + 2
                start = target
                cursor = target
                continue
            }
            guard length < 64, cursor + length < packet.count else { return nil }
            wire.append(UInt8(length))
            wire += packet[(cursor + 1)..<(cursor + 1 + length)].map { DomainName.lowercased($0) }
            guard wire.count <= DomainName.longest else { return nil }
            cursor += 1 + length
            if length == 0 {
                position = next ?? cursor
                return DomainName(wire: wire, isAbsolute: true)
            }
        }
        return nil
    }
}
