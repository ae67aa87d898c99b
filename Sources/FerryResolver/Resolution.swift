public import FerryAddress

/// What a name turned out to be, and who said so.
public struct Resolution: Sendable {
    /// Who said so.
    public enum Source: Hashable, Sendable, CustomStringConvertible {
        /// Nobody had to be asked: it is an address, or `localhost`.
        case itself
        /// `/etc/hosts`.
        case hosts
        /// A name server.
        case nameServer(IPEndpoint)

        /// The source in words.
        public var description: String {
            switch self {
            case .itself: "the name itself"
            case .hosts: "/etc/hosts"
            case .nameServer(let server): "the name server \(server)"
            }
        }
    }

    /// The addresses, each once: IPv4 before IPv6, otherwise in the order they were given.
    public var addresses: [IPAddress]
    /// The names that the name is an alias of, the last one being the one with the addresses.
    public var aliases: [DomainName] = []
    /// How long the answer stays true, in seconds, if a name server gave it.
    public var secondsToLive: UInt32?
    /// Who said so.
    public var source: Source

    /// The addresses as answered by `source`.
    public init(addresses: [IPAddress], source: Source) {
        self.addresses = addresses
        self.source = source
    }
}
