/// What a router does to the header of an IPv4 packet, in place.
struct IPv4Packet {
    let bytes: UnsafeMutableRawBufferPointer

    /// The packet in `bytes`; nil if it is no whole IPv4 header.
    init?(_ bytes: UnsafeMutableRawBufferPointer) {
        guard bytes.count >= 20, bytes[0] >> 4 == 4, Int(bytes[0] & 15) * 4 >= 20, bytes.count >= Int(bytes[0] & 15) * 4
        else { return nil }
        self.bytes = bytes
    }

    var headerLength: Int { Int(bytes[0] & 15) * 4 }
    var timeToLive: Int { Int(bytes[8]) }
    var mustNotBeFragmented: Bool { bytes[6] & 0x40 != 0 }
    var isICMPError: Bool {
        bytes[9] == 1 && bytes.count > headerLength && [3, 4, 5, 11, 12].contains(bytes[headerLength])
    }

    /// Takes `hops` from the time to live, which must be larger.
    func lowerTimeToLive(by hops: Int) {
        let before = UInt16(bytes[8]) << 8 | UInt16(bytes[9])
        bytes[8] -= UInt8(hops)
        let after = UInt16(bytes[8]) << 8 | UInt16(bytes[9])
        // RFC 1624, equation 3.
        let checksum = UInt16(bytes[10]) << 8 | UInt16(bytes[11])
        var sum = UInt32(~checksum) + UInt32(~before) + UInt32(after)
        while sum >> 16 != 0 { sum = (sum & 0xFFFF) + (sum >> 16) }
        let updated = ~UInt16(sum)
        bytes[10] = UInt8(updated >> 8)
        bytes[11] = UInt8(updated & 255)
    }

    /// Writes the ICMP error that the router at `address` answers this packet with, and returns its length. With 28 bytes
    /// of the packet in it, as RFC 792 asks.
    func writeError(
        type: UInt8,
        code: UInt8,
        nextMTU: Int = 0,
        from address: IPv4Address,
        to out: UnsafeMutableRawBufferPointer
    ) -> Int {
        let quoted = min(bytes.count, headerLength + 8)
        let length = 28 + quoted
        UnsafeMutableRawBufferPointer(rebasing: out[..<28]).initializeMemory(as: UInt8.self, repeating: 0)
        out[0] = 0x45
        out[2] = UInt8(length >> 8)
        out[3] = UInt8(length & 255)
        out[8] = 64
        out[9] = 1
        out.storeBytes(of: address.bits.bigEndian, toByteOffset: 12, as: UInt32.self)
        UnsafeMutableRawBufferPointer(rebasing: out[16..<20]).copyBytes(from: bytes[12..<16])
        out[20] = type
        out[21] = code
        out[26] = UInt8(nextMTU >> 8 & 255)
        out[27] = UInt8(nextMTU & 255)
        UnsafeMutableRawBufferPointer(rebasing: out[28..<length]).copyBytes(from: bytes[..<quoted])
        IPv4Packet.setChecksum(UnsafeMutableRawBufferPointer(rebasing: out[..<20]), at: 10)
        IPv4Packet.setChecksum(UnsafeMutableRawBufferPointer(rebasing: out[20..<length]), at: 2)
        return length
    }

    private static func setChecksum(_ bytes: UnsafeMutableRawBufferPointer, at place: Int) {
        var sum: UInt32 = 0
        for index in stride(from: 0, to: bytes.count, by: 2) {
            sum += UInt32(bytes[index]) << 8 | (index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0)
        }
        while sum >> 16 != 0 { sum = (sum & 0xFFFF) + (sum >> 16) }
        bytes[place] = UInt8(~sum >> 8 & 255)
        bytes[place + 1] = UInt8(~sum & 255)
    }
}
