/// An ICMP or ICMPv6 error about a TCP packet, with what it quotes of that.
public struct ICMPError {
    /// Whether it is ICMPv6, whose types and codes mean something else.
    public var isIPv6: Bool
    /// The type: in ICMP 3 is unreachable, 11 time exceeded.
    public var type: UInt8
    /// The code: with type 3, 4 is fragmentation needed.
    public var code: UInt8
    /// The largest packet that the next link takes, in bytes, if the error is about that and says so.
    public var nextHopMTU: UInt32?
    /// The quoted packet's header as it came to who complains.
    public var quoted: IPHeader
    /// The port of who sent the quoted packet.
    public var sourcePort: UInt16
    /// The port that it went to.
    public var destinationPort: UInt16
    /// The sequence number of the quoted packet.
    public var sequence: UInt32
    /// The flags of the quoted packet, if so much of it is quoted.
    public var flags: TCPFlags?
}

extension ICMPError {
    private static let protocolICMP: UInt8 = 1
    private static let protocolICMPv6: UInt8 = 58

    /// Reads the message after `header`; nil if it is no error, or not about TCP.
    static func read(_ header: IPHeader) -> ICMPError? {
        let bytes = PacketBytes(header.payload)
        let isIPv6 = header.protocolNumber == protocolICMPv6
        guard isIPv6 || header.protocolNumber == protocolICMP, bytes.count >= 8 else { return nil }
        let type = bytes.byte(0)
        guard isIPv6 ? (1...4).contains(type) : [3, 4, 11, 12].contains(type) else { return nil }
        let rest = bytes.from(8)
        guard case .success(let quoted) = IPHeader.read(rest, wireLength: rest.count),
            quoted.protocolNumber == PacketDecoder.protocolTCP, quoted.fragmentOffset == 0, quoted.payload.count >= 8
        else { return nil }
        let segment = PacketBytes(quoted.payload)
        let code = bytes.byte(1)
        var mtu: UInt32?
        if isIPv6, type == 2 { mtu = bytes.big32(4) }
        if !isIPv6, type == 3, code == 4, bytes.big16(6) > 0 { mtu = UInt32(bytes.big16(6)) }
        return ICMPError(
            isIPv6: isIPv6,
            type: type,
            code: code,
            nextHopMTU: mtu,
            quoted: quoted,
            sourcePort: segment.big16(0),
            destinationPort: segment.big16(2),
            sequence: segment.big32(4),
            flags: segment.count >= 14 ? TCPFlags(rawValue: segment.big16(12) & 0x1FF) : nil
        )
    }
}
