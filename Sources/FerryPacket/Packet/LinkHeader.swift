/// What stands before the IP header.
enum LinkHeader {
    private static let ipv4: UInt16 = 0x0800
    private static let ipv6: UInt16 = 0x86DD
    /// Two tags are a provider's and a customer's; more are seen only where somebody tries how many are read.
    private static let mostTags = 8

    /// How many bytes stand before the IP header.
    @inline(__always)
    static func length(_ bytes: PacketBytes, _ link: LinkType) -> Result<Int, DecodeProblem> {
        switch link {
        case .ethernet:
            guard bytes.count >= 14 else { return .failure(.truncated) }
            if bytes.big16(12) == ipv4 { return .success(14) }
            return afterTags(bytes, typeAt: 12)
        case .linuxCooked:
            guard bytes.count >= 16 else { return .failure(.truncated) }
            return afterTags(bytes, typeAt: 14)
        case .linuxCooked2:
            guard bytes.count >= 20 else { return .failure(.truncated) }
            // Its type comes first; with a tag or a session, what belongs to them follows the header.
            let type = bytes.big16(0)
            return type == ipv4 || type == ipv6 ? .success(20) : afterType(bytes, type, at: 20)
        // 12 and 14 are what raw IP is in files of some BSD systems.
        case .rawIP, .rawIPv4, .rawIPv6, LinkType(rawValue: 12), LinkType(rawValue: 14): return .success(0)
        case .loopback, .openLoopback:
            return bytes.count >= 4 ? .success(4) : .failure(.truncated)
        default: return .failure(.unknownLink)
        }
    }

    private static func afterTags(_ bytes: PacketBytes, typeAt place: Int) -> Result<Int, DecodeProblem> {
        afterType(bytes, bytes.big16(place), at: place + 2)
    }

    /// `type` is what is at `start`.
    private static func afterType(
        _ bytes: PacketBytes,
        _ type: UInt16,
        at start: Int
    ) -> Result<Int, DecodeProblem> {
        var type = type
        var start = start
        for _ in 0...mostTags {
            switch type {
            case ipv4, ipv6: return .success(start)
            case 0x8100, 0x88A8, 0x9100:
                guard bytes.count >= start + 4 else { return .failure(.truncated) }
                type = bytes.big16(start + 2)
                start += 4
            case 0x8864:
                // PPPoE: a header of six bytes, then the protocol of PPP.
                guard bytes.count >= start + 8 else { return .failure(.truncated) }
                switch bytes.big16(start + 6) {
                case 0x0021, 0x0057: return .success(start + 8)
                default: return .failure(.notIP)
                }
            default: return .failure(.notIP)
            }
        }
        return .failure(.malformed)
    }
}
