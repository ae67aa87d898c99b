/// A TCP segment without content that a middlebox makes up.
struct ForgedSegment: Equatable {
    var source: IPv4Address
    var sourcePort: UInt16
    var destination: IPv4Address
    var destinationPort: UInt16
    var sequence: UInt32
    var acknowledgement: UInt32 = 0
    var flags: TCPSegment.Flags
    var window: UInt16 = 0
    var timeToLive: UInt8 = 64
    var identification: UInt16 = 0

    static func == (left: ForgedSegment, right: ForgedSegment) -> Bool { left.bytes == right.bytes }

    /// The packet.
    var bytes: [UInt8] {
        var out = [UInt8](repeating: 0, count: 40)
        out[0] = 0x45
        out[3] = 40
        put(identification, &out, 4)
        out[6] = 0x40
        out[8] = timeToLive
        out[9] = 6
        put(source.bits, &out, 12)
        put(destination.bits, &out, 16)
        put(sourcePort, &out, 20)
        put(destinationPort, &out, 22)
        put(sequence, &out, 24)
        put(acknowledgement, &out, 28)
        out[32] = 0x50
        out[33] = flags.rawValue
        put(window, &out, 34)
        put(ForgedSegment.checksum(out[..<20], 0), &out, 10)
        // The pseudo header of RFC 9293: addresses, protocol, length.
        let pseudo = ForgedSegment.sum(out[12..<20]) + 6 + 20
        put(ForgedSegment.checksum(out[20...], pseudo), &out, 36)
        return out
    }

    private func put(_ value: some FixedWidthInteger, _ out: inout [UInt8], _ place: Int) {
        withUnsafeBytes(of: value.bigEndian) { bytes in
            for (index, byte) in bytes.enumerated() { out[place + index] = byte }
        }
    }

    private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum: UInt32 = 0
        for (index, byte) in bytes.enumerated() { sum += UInt32(byte) << (index % 2 == 0 ? 8 : 0) }
        return sum
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>, _ start: UInt32) -> UInt16 {
        var sum = start + sum(bytes)
        while sum >> 16 != 0 { sum = (sum & 0xFFFF) + (sum >> 16) }
        return ~UInt16(sum)
    }
}
