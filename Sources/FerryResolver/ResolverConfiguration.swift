public import FerryAddress

/// Whom to ask for a name, and how patiently.
public struct ResolverConfiguration: Sendable {
    /// The name servers, asked in this order.
    public var servers: [IPEndpoint] = []
    /// The domains tried after a short name.
    public var search: [DomainName] = []
    /// A name with at least so many dots is tried as it stands first.
    public var dots = 1
    /// How long one name server may take to answer one question.
    public var timeout = Duration.seconds(5)
    /// How many times the list of name servers is gone through.
    public var attempts = 2
    /// Whether to ask over TCP at once, as `options use-vc` says.
    public var usesOnlyTCP = false
    /// Names that need no name server.
    public var hosts = HostsTable()
    /// What `resolv.conf` says and this resolver could not use, a sentence each.
    public var remarks: [String] = []

    /// A configuration that asks `servers`, and nobody if there are none.
    public init(servers: [IPEndpoint] = []) { self.servers = servers }

    /// What this server's `/etc/resolv.conf` and `/etc/hosts` say.
    ///
    /// In a chroot that holds only the agent and `/proc`, the files are read through `/proc/1/root`.
    public static func ofThisServer() -> ResolverConfiguration {
        ofServer(roots: ["", "/proc/1/root"])
    }

    static func ofServer(roots: [String]) -> ResolverConfiguration {
        func text(_ path: String) -> String? { roots.lazy.compactMap { SystemFile.text(path, below: $0) }.first }
        let hosts = HostsTable(parsing: text("/etc/hosts") ?? "")
        guard let resolvConf = text("/etc/resolv.conf") else {
            var configuration = ResolverConfiguration()
            configuration.hosts = hosts
            configuration.remarks = ["/etc/resolv.conf cannot be read"]
            return configuration
        }
        return ResolverConfiguration(resolvConf: resolvConf, hosts: hosts)
    }

    /// What `resolvConf`, the content of `/etc/resolv.conf`, says, within the C library's own limits: 3 name servers,
    /// 30 s, 5 attempts, 15 dots. Without a `nameserver` line the server itself is asked, as the C library does.
    public init(resolvConf: String, hosts: HostsTable = HostsTable()) {
        self.hosts = hosts
        for line in ConfigurationText.lines(resolvConf, comments: [UInt8(ascii: "#"), UInt8(ascii: ";")]) {
            let values = line.words.dropFirst()
            switch line.words[0] {
            case "nameserver": addServer(values.first ?? "", line: line.number)
            case "search", "domain": search = domains(Array(values), line: line.number)
            case "options": values.forEach { addOption($0) }
            default: break
            }
        }
        if servers.isEmpty { servers = [IPEndpoint(.loopback4, port: 53)] }
    }

    private mutating func addServer(_ text: String, line: Int) {
        guard let address = IPAddress(parsing: text) else {
            remarks.append("line \(line) of /etc/resolv.conf names no address")
            return
        }
        guard servers.count < 3 else {
            remarks.append("line \(line) of /etc/resolv.conf names a fourth name server, which nobody asks")
            return
        }
        servers.append(IPEndpoint(address, port: 53))
    }

    private mutating func domains(_ words: [String], line: Int) -> [DomainName] {
        // "search ." is how a distribution writes an empty list.
        words.prefix(32).filter { $0 != "." }.compactMap { word in
            if let name = try? DomainName(parsing: word) { return name }
            remarks.append("line \(line) of /etc/resolv.conf names a search domain that is none")
            return nil
        }
    }

    private mutating func addOption(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 1)
        let number = parts.count == 2 ? Decimal.number(parts[1]) : nil
        switch (String(Substring(parts[0])), number) {
        case ("ndots", let number?): dots = min(number, 15)
        case ("timeout", let number?): timeout = .seconds(max(1, min(number, 30)))
        case ("attempts", let number?): attempts = max(1, min(number, 5))
        case ("use-vc", nil): usesOnlyTCP = true
        default: break
        }
    }
}
