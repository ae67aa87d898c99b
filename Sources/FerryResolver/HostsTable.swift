public import FerryAddress

/// What `/etc/hosts` says: names that need no name server.
public struct HostsTable: Sendable {
    private var entries: [(name: DomainName, address: IPAddress)] = []

    /// A table without an entry.
    public init() {}

    /// The table in `text`, the content of `/etc/hosts`. Lines that make no sense are skipped, as everybody does.
    public init(parsing text: String) {
        for line in ConfigurationText.lines(text, comments: [UInt8(ascii: "#")]) {
            guard let first = line.words.first, let address = IPAddress(parsing: first) else { continue }
            for word in line.words.dropFirst() {
                if let name = try? DomainName(parsing: word) { entries.append((name, address)) }
            }
        }
    }

    /// The addresses of `name`, each once, in the order of the file.
    public func addresses(of name: DomainName) -> [IPAddress] {
        var addresses: [IPAddress] = []
        for entry in entries where entry.name == name && !addresses.contains(entry.address) {
            addresses.append(entry.address)
        }
        return addresses
    }
}
