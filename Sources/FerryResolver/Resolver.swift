public import FerryAddress
public import FerryCore

/// Turns a host name into addresses without the C library, whose own way cannot be linked statically.
///
/// Calls block, for no longer than they are told: call from a thread that may wait, not from an event loop.
public struct Resolver: Sendable {
    /// Whom it asks.
    public var configuration: ResolverConfiguration

    /// A resolver that asks as `configuration` says.
    public init(_ configuration: ResolverConfiguration) { self.configuration = configuration }

    /// The addresses of `name`, which may also be an address: at least one, IPv4 before IPv6.
    /// - Parameters:
    ///   - name: a host name or an address.
    ///   - limit: the longest the call may take, whatever the name servers do.
    /// - Throws: `FerryError` with a code `resolve.*`.
    public func addresses(of name: String, within limit: Duration = .seconds(30)) throws(FerryError) -> [IPAddress] {
        if let address = IPAddress(parsing: name) { return [address] }
        return try resolve(DomainName(parsing: name), within: limit).addresses
    }

    /// The places that `endpoint` stands for: at least one, IPv4 before IPv6.
    /// - Throws: `FerryError` with a code `resolve.*`.
    public func endpoints(
        of endpoint: EndpointAddress,
        within limit: Duration = .seconds(30)
    ) throws(FerryError) -> [IPEndpoint] {
        switch endpoint.host {
        case .address(let address): [IPEndpoint(address, port: endpoint.port)]
        case .name(let name):
            try resolve(name, within: limit).addresses.map { IPEndpoint($0, port: endpoint.port) }
        }
    }

    /// What `name` is, and who says so.
    ///
    /// `/etc/hosts` comes first, then the name servers, with the search domains as the C library uses them.
    /// - Throws: `FerryError` with a code `resolve.*`.
    public func resolve(_ name: DomainName, within limit: Duration = .seconds(30)) throws(FerryError) -> Resolution {
        let known = configuration.hosts.addresses(of: name)
        if !known.isEmpty {
            let sorted = known.filter { !$0.isIPv6 } + known.filter(\.isIPv6)
            return Resolution(addresses: sorted, source: .hosts)
        }
        // RFC 6761: a name server has nothing to say about localhost.
        if name.description == "localhost" {
            return Resolution(addresses: [.loopback4, .loopback6], source: .itself)
        }
        guard !configuration.servers.isEmpty else { throw noServer(name) }
        return try search(name, NameLookup(configuration: configuration, deadline: Deadline(after: limit)))
    }

    private func search(_ name: DomainName, _ lookup: NameLookup) throws(FerryError) -> Resolution {
        var reports: [ServerReport] = []
        var nameless: IPEndpoint?
        var addressless: IPEndpoint?
        let candidates = candidates(name)
        for candidate in candidates {
            switch lookup.run(candidate) {
            case .found(let resolution): return resolution
            case .noSuchName(let server): nameless = server
            case .noAddress(let server): addressless = server
            case .failed(let more):
                reports += more
                // A server that fails for one domain may know the next; one that cannot be reached will not.
                let isAnswered = more.contains { if case .responseCode = $0.failure { true } else { false } }
                guard isAnswered else { throw more.error(name, timeout: configuration.timeout) }
            }
        }
        if !reports.isEmpty { throw reports.error(name, timeout: configuration.timeout) }
        let tried = candidates.count > 1 ? " (tried \(candidates.map(\.description).joined(separator: ", ")))" : ""
        let server = addressless ?? nameless
        throw FerryError(
            addressless == nil ? .noSuchName : .noAddress,
            operation: "find the address of",
            subject: "\(name)",
            cause: (server.map { "\($0) says that " } ?? "")
                + (addressless == nil ? "there is no such name" : "the name has no address") + tried,
            advice: "Check the spelling, ask a name server that knows the name, or use the address."
        )
    }

    /// The full names that `name` may stand for, in the order they are tried.
    private func candidates(_ name: DomainName) -> [DomainName] {
        if name.isAbsolute { return [name] }
        let inside = configuration.search.compactMap { name.inside($0) }
        return name.dots >= configuration.dots ? [name] + inside : inside + [name]
    }

    private func noServer(_ name: DomainName) -> FerryError {
        FerryError(
            .noNameServer,
            operation: "find the address of",
            subject: "\(name)",
            cause: (["no name server is known"] + configuration.remarks).joined(separator: "; "),
            advice: "Name a name server, or use the address."
        )
    }
}
