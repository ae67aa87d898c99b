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
    /// PPP, with or without the bytes of HDLC before it, or Cisco's HDLC.
    public static let ppp = LinkType(rawValue: 9)
    /// FDDI.
    public static let fddi = LinkType(rawValue: 10)
    /// PPP as HDLC frames it.
    public static let pppFramed = LinkType(rawValue: 50)
    /// An IPv4 or IPv6 packet with nothing before it.
    public static let rawIP = LinkType(rawValue: 101)
    /// Cisco's HDLC.
    public static let ciscoHDLC = LinkType(rawValue: 104)
    /// IEEE 802.11.
    public static let wireless = LinkType(rawValue: 105)
    /// OpenBSD loopback: four bytes of address family, most significant first.
    public static let openLoopback = LinkType(rawValue: 108)
    /// Linux "cooked", version 1: what `tcpdump -i any` wrote until 2021.
    public static let linuxCooked = LinkType(rawValue: 113)
    /// IEEE 802.11 with a header about its reception.
    public static let radiotap = LinkType(rawValue: 127)
    /// An IPv4 packet with nothing before it.
    public static let rawIPv4 = LinkType(rawValue: 228)
    /// An IPv6 packet with nothing before it.
    public static let rawIPv6 = LinkType(rawValue: 229)
    /// The log of Linux's netfilter.
    public static let netfilterLog = LinkType(rawValue: 239)
    /// Linux "cooked", version 2: what `tcpdump -i any` writes.
    public static let linuxCooked2 = LinkType(rawValue: 276)
}

extension LinkType: CustomStringConvertible {
    /// The name, as `ethernet`, or the number.
    public var description: String {
        switch self {
        case .loopback: "loopback"
        case .ethernet: "ethernet"
        case .ppp: "ppp"
        case .fddi: "fddi"
        case .pppFramed: "ppp-hdlc"
        case .rawIP: "raw-ip"
        case .ciscoHDLC: "cisco-hdlc"
        case .wireless: "ieee802.11"
        case .openLoopback: "openbsd-loopback"
        case .linuxCooked: "linux-cooked"
        case .radiotap: "ieee802.11-radiotap"
        case .rawIPv4: "raw-ipv4"
        case .rawIPv6: "raw-ipv6"
        case .netfilterLog: "netfilter-log"
        case .linuxCooked2: "linux-cooked-2"
        default: "link type \(rawValue)"
        }
    }
}
