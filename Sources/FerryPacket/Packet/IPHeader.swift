/// The header of an IPv4 or IPv6 packet, with the extension headers of IPv6, and a view of what follows.
public struct IPHeader {
    /// Who sent the packet, if it says the truth.
    public var source: FlowAddress
    /// Where it goes.
    public var destination: FlowAddress
    /// The time to live (IPv6: hop limit) when it was captured.
    public var timeToLive: UInt8
    /// The protocol of what follows: 6 is TCP.
    public var protocolNumber: UInt8
    /// The differentiated services code point, 0 to 63.
    public var serviceCode: UInt8
    /// The two ECN bits: 0 not capable, 1 and 2 capable, 3 congestion experienced.
    public var congestion: UInt8
    /// The identification; 0 for an IPv6 packet that is no fragment.
    public var identification: UInt32 = 0
    /// Whether routers may not cut it; always so in IPv6.
    public var dontFragment = true
    /// Whether more fragments of the same datagram follow.
    public var moreFragments = false
    /// Where in its datagram this fragment lies, in bytes.
    public var fragmentOffset = 0
    /// The length of the IP packet in bytes by its header; as captured where the header says 0, because the sender's
    /// network card was to fill it in, or more than the frame had.
    public var length: Int
    /// The length of the header with the extension headers, in bytes.
    public var headerLength: Int
    /// What of the bytes after the headers was captured. Valid as long as the captured bytes are.
    public var payload: UnsafeRawBufferPointer

    /// The length of what follows the headers, in bytes, captured or not.
    public var payloadLength: Int { length - headerLength }
    /// Whether it is only a part of a datagram.
    public var isFragment: Bool { moreFragments || fragmentOffset > 0 }
}

extension IPHeader {
    /// Reads the header at the start of `bytes`; `wireLength` is how many bytes there were before the capture cut them.
    @inline(__always)
    static func read(_ bytes: PacketBytes, wireLength: Int) -> Result<IPHeader, DecodeProblem> {
        guard bytes.count > 0 else { return .failure(.truncated) }
        return switch bytes.byte(0) >> 4 {
        case 4: readV4(bytes, wireLength)
        case 6: readV6(bytes, wireLength)
        default: .failure(.malformed)
        }
    }

    @inline(__always)
    private static func readV4(_ bytes: PacketBytes, _ wireLength: Int) -> Result<IPHeader, DecodeProblem> {
        guard bytes.count >= 20 else { return .failure(.truncated) }
        let headerLength = Int(bytes.byte(0) & 15) * 4
        let told = Int(bytes.big16(2))
        let length = told == 0 ? wireLength : min(told, max(wireLength, bytes.count))
        guard headerLength >= 20, length >= headerLength else { return .failure(.malformed) }
        guard bytes.count >= headerLength else { return .failure(.truncated) }
        let service = bytes.byte(1)
        let fragment = bytes.big16(6)
        return .success(
            IPHeader(
                source: FlowAddress(v4: bytes.big32(12)),
                destination: FlowAddress(v4: bytes.big32(16)),
                timeToLive: bytes.byte(8),
                protocolNumber: bytes.byte(9),
                serviceCode: service >> 2,
                congestion: service & 3,
                identification: UInt32(bytes.big16(4)),
                dontFragment: fragment & 0x4000 != 0,
                moreFragments: fragment & 0x2000 != 0,
                fragmentOffset: Int(fragment & 0x1FFF) * 8,
                length: length,
                headerLength: headerLength,
                payload: bytes.prefix(length).from(headerLength).buffer
            )
        )
    }

    private static func readV6(_ bytes: PacketBytes, _ wireLength: Int) -> Result<IPHeader, DecodeProblem> {
        guard bytes.count >= 40 else { return .failure(.truncated) }
        let told = Int(bytes.big16(4))
        // A jumbogram, or one that the sender's network card was to cut, says 0.
        let length = told == 0 ? max(wireLength, 40) : min(told + 40, max(wireLength, bytes.count))
        let service = UInt8(truncatingIfNeeded: bytes.big16(0) >> 4)
        var header = IPHeader(
            source: FlowAddress(v6High: bytes.big64(8), low: bytes.big64(16)),
            destination: FlowAddress(v6High: bytes.big64(24), low: bytes.big64(32)),
            timeToLive: bytes.byte(7),
            protocolNumber: bytes.byte(6),
            serviceCode: service >> 2,
            congestion: service & 3,
            length: length,
            headerLength: 40,
            payload: UnsafeRawBufferPointer(start: nil, count: 0)
        )
        let whole = bytes.prefix(length)
        if let problem = header.skipExtensions(whole) { return .failure(problem) }
        header.payload = whole.from(header.headerLength).buffer
        return .success(header)
    }

    /// RFC 8200 has each extension at most once, some twice; what has more is made to keep readers busy.
    private static let mostExtensions = 16

    private mutating func skipExtensions(_ bytes: PacketBytes) -> DecodeProblem? {
        for _ in 0..<IPHeader.mostExtensions {
            let size: Int
            switch protocolNumber {
            case 0, 43, 60, 135, 139, 140, 253, 254:
                guard bytes.count >= headerLength + 2 else { return .truncated }
                size = (Int(bytes.byte(headerLength + 1)) + 1) * 8
            case 51:
                guard bytes.count >= headerLength + 2 else { return .truncated }
                size = (Int(bytes.byte(headerLength + 1)) + 2) * 4
            case 44:
                guard bytes.count >= headerLength + 8 else { return .truncated }
                size = 8
                let place = bytes.big16(headerLength + 2)
                fragmentOffset = Int(place & 0xFFF8)
                moreFragments = place & 1 != 0
                identification = bytes.big32(headerLength + 4)
            default: return nil
            }
            protocolNumber = bytes.byte(headerLength)
            headerLength += size
            guard headerLength <= length else { return .malformed }
            // What follows the header of a later fragment is no header.
            if fragmentOffset > 0 { return nil }
        }
        return .malformed
    }
}
