/// An IPv4 or IPv6 address as packets have it: without a zone, compared and hashed without allocating.
public struct FlowAddress: Hashable, Sendable {
    /// The upper eight bytes of an IPv6 address; 0 for IPv4.
    public var high: UInt64
    /// The lower eight bytes; an IPv4 address in the least significant four.
    public var low: UInt64
    /// Whether it is an IPv6 address.
    public var isIPv6: Bool

    /// An IPv4 address, its first byte the most significant.
    public init(v4 word: UInt32) {
        high = 0
        low = UInt64(word)
        isIPv6 = false
    }

    /// An IPv6 address in two halves, its first byte the most significant.
    public init(v6High high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
        isIPv6 = true
    }
}

extension FlowAddress: Comparable {
    /// IPv4 before IPv6, then by number.
    public static func < (left: FlowAddress, right: FlowAddress) -> Bool {
        if left.isIPv6 != right.isIPv6 { return right.isIPv6 }
        return left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

extension FlowAddress: CustomStringConvertible {
    /// As people write it; IPv6 in the form of RFC 5952.
    public var description: String {
        guard isIPv6 else { return FlowAddress.dotted(low) }
        if high == 0, low >> 32 == 0xFFFF { return "::ffff:" + FlowAddress.dotted(low) }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> (48 - 16 * ($0 % 4))) }
        let texts = groups.map { String($0, radix: 16) }
        guard let gap = FlowAddress.longestZeroRun(groups) else { return texts.joined(separator: ":") }
        return texts[..<gap.lowerBound].joined(separator: ":") + "::" + texts[gap.upperBound...].joined(separator: ":")
    }

    private static func dotted(_ word: UInt64) -> String {
        "\(word >> 24 & 255).\(word >> 16 & 255).\(word >> 8 & 255).\(word & 255)"
    }

    /// The first of the longest runs of at least two groups that are zero.
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
