/// What the bytes of a captured packet begin with, by its number in capture files (LINKTYPE_…).
public struct LinkType: RawRepresentable, Hashable, Sendable {
    /// The number in pcap's header and in pcapng's interface descriptions.
    public var rawValue: UInt32

    /// The link type of this number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// BSD loopback: four bytes of address family in the byte order of the machine that captured.
    public static let loopback = LinkType(rawValue: 0)
    /// Ethernet, with or without VLAN tags.
    public static let ethernet = LinkType(rawValue: 1)
    /// An IPv4 or IPv6 packet with nothing before it.
    public static let rawIP = LinkType(rawValue: 101)
    /// OpenBSD loopback: four bytes of address family, most significant first.
    public static let openLoopback = LinkType(rawValue: 108)
    /// Linux "cooked", version 1: what `tcpdump -i any` wrote until 2021.
    public static let linuxCooked = LinkType(rawValue: 113)
    /// An IPv4 packet with nothing before it.
    public static let rawIPv4 = LinkType(rawValue: 228)
    /// An IPv6 packet with nothing before it.
    public static let rawIPv6 = LinkType(rawValue: 229)
    /// Linux "cooked", version 2: what `tcpdump -i any` writes.
    public static let linuxCooked2 = LinkType(rawValue: 276)
}

extension LinkType: CustomStringConvertible {
    /// The name, as `ethernet`, or the number.
    public var description: String {
        switch self {
        case .loopback: "loopback"
        case .ethernet: "ethernet"
        case .rawIP: "raw-ip"
        case .openLoopback: "openbsd-loopback"
        case .linuxCooked: "linux-cooked"
        case .rawIPv4: "raw-ipv4"
        case .rawIPv6: "raw-ipv6"
        case .linuxCooked2: "linux-cooked-2"
        default: "link type \(rawValue)"
        }
    }
}
