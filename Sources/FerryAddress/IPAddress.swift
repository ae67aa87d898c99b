/// An IPv4 or IPv6 address.
public enum IPAddress: Hashable, Sendable {
    /// An IPv4 address, its first byte the most significant.
    case v4(UInt32)
    /// An IPv6 address as two halves, first byte the most significant; `zone` is the interface's index for a
    /// link-local address, else 0.
    case v6(high: UInt64, low: UInt64, zone: UInt32)

    /// Whether the address is an IPv6 one.
    public var isIPv6: Bool {
        if case .v6 = self { true } else { false }
    }

    /// The 4 or 16 bytes in network order, without the zone.
    public var bytes: [UInt8] {
        switch self {
        case .v4(let word): (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) }
        case .v6(let high, let low, _):
            (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> (56 - 8 * ($0 % 8))) }
        }
    }

    /// The address of 4 or 16 bytes in network order; nil for any other number of them.
    public init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: self = .v4(bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            let high = bytes.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            let low = bytes.dropFirst(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            self = .v6(high: high, low: low, zone: 0)
        default: return nil
        }
    }

    /// 127.0.0.1
    public static let loopback4 = IPAddress.v4(0x7F00_0001)
    /// ::1
    public static let loopback6 = IPAddress.v6(high: 0, low: 1, zone: 0)
}

extension IPAddress: CustomStringConvertible {
    /// The address as people write it; IPv6 in the one form of RFC 5952, with its zone as `%2` if it has one.
    public var description: String {
        switch self {
        case .v4(let word): IPAddress.dotted(word)
        case .v6(let high, let low, let zone): IPAddress.colons(high, low) + (zone == 0 ? "" : "%\(zone)")
        }
    }

    private static func dotted(_ word: UInt32) -> String {
        "\(word >> 24).\(word >> 16 & 255).\(word >> 8 & 255).\(word & 255)"
    }

    private static func colons(_ high: UInt64, _ low: UInt64) -> String {
        // RFC 5952 section 5: an IPv4 address inside an IPv6 one keeps its own form.
        if high == 0, low >> 32 == 0xFFFF { return "::ffff:" + dotted(UInt32(truncatingIfNeeded: low)) }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> (48 - 16 * ($0 % 4))) }
        let gap = longestZeroRun(groups)
        let texts = groups.map { String($0, radix: 16) }
        guard let gap else { return texts.joined(separator: ":") }
        return texts[..<gap.lowerBound].joined(separator: ":") + "::" + texts[gap.upperBound...].joined(separator: ":")
    }

    /// The first of the longest runs of at least two zero groups.
    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        for index in 0...groups.count where index == groups.count || groups[index] != 0 {
            if index - start >= 2, index - start > (best?.count ?? 0) { best = start..<index }
            start = index + 1
        }
        return best
    }
}
