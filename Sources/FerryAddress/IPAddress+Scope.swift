extension IPAddress {
    /// Whether it is one of the host itself or of its link alone.
    package var isLocal: Bool {
        switch self {
        case .v4(let bits): bits >> 24 == 127 || bits >> 16 == 0xA9FE
        case .v6(let high, let low, _): (high == 0 && low <= 1) || high >> 54 == 0x3FA
        }
    }

    /// Whether it leads nowhere on the Internet: RFC 1918, RFC 6598 and RFC 4193.
    package var isPrivate: Bool {
        switch self {
        case .v4(let bits): bits >> 24 == 10 || bits >> 20 == 0xAC1 || bits >> 16 == 0xC0A8 || bits >> 22 == 0x191
        case .v6(let high, _, _): high >> 57 == 0x7E
        }
    }

    /// Whether it and `other` are private ones of the same /24 (IPv4) or /64 (IPv6).
    package func isPrivateNeighbour(of other: IPAddress) -> Bool {
        guard isPrivate else { return false }
        return switch (self, other) {
        case (.v4(let one), .v4(let two)): one >> 8 == two >> 8
        case (.v6(let one, _, _), .v6(let two, _, _)): one == two
        default: false
        }
    }
}
