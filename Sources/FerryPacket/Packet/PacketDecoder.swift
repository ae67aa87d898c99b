/// Takes captured packets apart, without an allocation. Pure: nothing is remembered from one to the next.
public enum PacketDecoder {
    static let protocolTCP: UInt8 = 6

    /// What the packet in `bytes` is, which begins as `link` says. `wireLength` is how many bytes there were before the
    /// capture cut them, and counts where the IP header does not tell; nil means that nothing was cut.
    @inline(__always)
    public static func decode(
        _ bytes: UnsafeRawBufferPointer,
        link: LinkType,
        wireLength: Int? = nil
    ) -> DecodedPacket {
        let all = PacketBytes(bytes)
        let start: Int
        switch LinkHeader.length(all, link) {
        case .success(let length): start = length
        case .failure(let problem): return .unreadable(problem)
        }
        return decodeIP(all.from(start), wireLength: max(wireLength ?? 0, bytes.count) - start)
    }

    /// What the IP packet in `bytes` is.
    @inline(__always)
    static func decodeIP(_ bytes: PacketBytes, wireLength: Int) -> DecodedPacket {
        switch IPHeader.read(bytes, wireLength: wireLength) {
        case .failure(let problem): return .unreadable(problem)
        case .success(let header):
            if header.isFragment { return .fragment(header) }
            return decodePayload(header)
        }
    }

    /// What follows `header`, which is not of a fragment.
    @inline(__always)
    static func decodePayload(_ header: IPHeader) -> DecodedPacket {
        guard header.protocolNumber == protocolTCP else {
            guard let error = ICMPError.read(header) else { return .other(header) }
            return .icmpError(header, error)
        }
        switch TCPSegment.read(PacketBytes(header.payload), length: header.payloadLength) {
        case .success(let segment): return .segment(header, segment)
        case .failure(let problem): return .unreadable(problem)
        }
    }
}
