internal import FerryCore
public import NIOCore

extension SocketAddress {
    /// Address and port as they are written everywhere, `203.0.113.62:41234` or `[2001:db8::1]:41234`; what has none, as it is
    /// described. An IPv4 client of a socket that takes both is told as what it is.
    public var endpoint: String {
        guard var host = ipAddress, let port else { return "\(self)" }
        if host.hasPrefix(SocketAddress.mapped), host.contains(".") { host.removeFirst(SocketAddress.mapped.count) }
        return Place.text(host, port)
    }

    /// How IPv4 addresses begin within IPv6 (RFC 4291, section 2.5.5.2).
    private static let mapped = "::ffff:"
}
