internal import FerryEvidence

extension Site.Endpoint {
    /// Which keys an endpoint has besides `host` and `port`.
    enum Role {
        /// What fails: nothing more.
        case suspect
        /// What does not.
        case control
        /// Another place: with a `relation`.
        case other
    }

    /// Reads a mapping, or `HOST:PORT`; nil after a problem.
    init?(_ node: YAMLNode, _ place: String, _ role: Role, _ problems: SiteProblems) {
        if node.text != nil {
            guard let text = SiteMapping.text(node, place, problems) else { return nil }
            guard let (host, port) = HostText.endpoint(text) else {
                problems.add(
                    node.line,
                    "\"\(place)\": \"\(text)\" is not HOST:PORT with \(HostText.expected) and \(HostText.expectedPort)"
                )
                return nil
            }
            self.init(host: host, port: port)
            return
        }
        guard let mapping = SiteMapping(node, place, problems) else { return nil }
        let name = mapping.text("name")
        mapping.require("host", HostText.expected)
        let host = mapping.parsed("host", HostText.expected) { HostText.isHost($0) ? $0 : nil }
        mapping.require("port", HostText.expectedPort)
        let port = mapping.parsed("port", HostText.expectedPort, HostText.port)
        let speaks = mapping.word("protocol", as: ServiceProtocol.self)
        let relation = role == .other ? mapping.word("relation", as: Site.Relation.self) : nil
        mapping.finish()
        guard let host, let port else { return nil }
        self.init(host: host, port: port)
        self.name = name
        self.speaks = speaks
        self.relation = relation
    }
}
