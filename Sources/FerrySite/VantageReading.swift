internal import FerryEvidence

extension Site.Vantage {
    private static let expected = "unix:PATH or tls://HOST:PORT"

    init?(_ node: YAMLNode, _ problems: SiteProblems) {
        guard let mapping = SiteMapping(node, "vantages", problems) else { return nil }
        mapping.require("name", "what it is called here")
        let name = mapping.parsed("name", "a name of 1 to 64 characters") { $0.count <= 64 ? $0 : nil }
        mapping.require("position", "one of \(Site.Position.allCases.map(\.rawValue).joined(separator: ", "))")
        let position = mapping.word("position", as: Site.Position.self)
        mapping.require("reach", Self.expected)
        let reach = mapping.parsed("reach", Self.expected) { Self.isReach($0) ? $0 : nil }
        let carrier = mapping.parsed("carrier", "a name of 1 to 64 characters") { $0.count <= 64 ? $0 : nil }
        mapping.finish()
        guard let name, let position, let reach else { return nil }
        self.init(name: name, position: position, reach: reach, carrier: carrier)
    }

    private static func isReach(_ text: String) -> Bool {
        if text.hasPrefix("unix:") { return text.utf8.count > "unix:".utf8.count }
        return text.hasPrefix("tls://") && HostText.endpoint(String(text.dropFirst("tls://".count))) != nil
    }
}

extension Site.SourceAddress {
    private static let expected = "an address, as 203.0.113.60"

    /// Reads a mapping, or an address alone.
    init?(_ node: YAMLNode, _ problems: SiteProblems) {
        if node.text != nil {
            guard let text = SiteMapping.text(node, "sourceAddresses", problems) else { return nil }
            guard HostText.isAddress(text) else {
                problems.add(node.line, "\"sourceAddresses\": \"\(text)\" is not \(Self.expected)")
                return nil
            }
            self.init(address: text, via: nil)
            return
        }
        guard let mapping = SiteMapping(node, "sourceAddresses", problems) else { return nil }
        mapping.require("address", Self.expected)
        let address = mapping.parsed("address", Self.expected) { HostText.isAddress($0) ? $0 : nil }
        let via = mapping.text("via")
        mapping.finish()
        guard let address else { return nil }
        self.init(address: address, via: via)
    }
}
