/// An end of a connection as people write it.
public enum Place {
    /// `HOST:PORT`, an IPv6 address in brackets.
    public static func text(_ host: String, _ port: some CustomStringConvertible) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
