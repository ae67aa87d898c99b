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
        default: return lessUsual(bytes, link)
        }
    }

    private static func afterTags(_ bytes: PacketBytes, typeAt place: Int) -> Result<Int, DecodeProblem> {
        afterType(bytes, bytes.big16(place), at: place + 2)
    }

    /// `type` is that of what is at `start`, by the numbers of Ethernet; up to 1500 it is a length.
    static func afterType(_ bytes: PacketBytes, _ type: UInt16, at start: Int) -> Result<Int, DecodeProblem> {
        var type = type
        var start = start
        for _ in 0...mostTags {
            switch type {
            case ipv4, ipv6: return .success(start)
            case 0x8100, 0x88A8, 0x9100:
                guard bytes.count >= start + 4 else { return .failure(.truncated) }
                type = bytes.big16(start + 2)
                start += 4
            case 0x8847, 0x8848: return afterLabels(bytes, at: start)
            case 0x8864:
                // PPPoE: a header of six bytes, then the protocol of PPP.
                return afterPPP(bytes, at: start + 6)
            case 0...1500:
                guard let (inner, place) = bytes.subnetwork(at: start) else { return .failure(.notIP) }
                type = inner
                start = place
            default: return .failure(.notIP)
            }
        }
        return .failure(.malformed)
    }

    /// The labels of MPLS; which protocol follows the last is told only by its own first bits.
    private static func afterLabels(_ bytes: PacketBytes, at start: Int) -> Result<Int, DecodeProblem> {
        var place = start
        for _ in 0...mostTags {
            guard bytes.count >= place + 5 else { return .failure(.truncated) }
            let isLast = bytes.byte(place + 2) & 1 != 0
            place += 4
            guard isLast else { continue }
            return [4, 6].contains(bytes.byte(place) >> 4) ? .success(place) : .failure(.notIP)
        }
        return .failure(.malformed)
    }

    /// The protocol number of PPP at `place`.
    static func afterPPP(_ bytes: PacketBytes, at place: Int) -> Result<Int, DecodeProblem> {
        guard bytes.count >= place + 2 else { return .failure(.truncated) }
        switch bytes.big16(place) {
        case 0x0021, 0x0057: return .success(place + 2)
        case 0x0281, 0x0283: return afterLabels(bytes, at: place + 2)
        default: return .failure(.notIP)
        }
    }
}

extension PacketBytes {
    /// The type that a header of LLC with SNAP at `place` tells, by the numbers of Ethernet, and where what it is of
    /// begins; nil if there is none.
    func subnetwork(at place: Int) -> (type: UInt16, start: Int)? {
        guard count >= place + 8, big32(place) == 0xAAAA_0300, big16(place + 4) == 0 else { return nil }
        return (big16(place + 6), place + 8)
    }
}
