extension Fault {
    /// Reads one fault of a topology. What it says of a line is added to what the line does without it.
    init(_ reader: LabFileReader, _ nodes: [Topology.Node], _ links: [Topology.Link]) {
        name = reader.required("name")
        summary = reader.required("summary")
        if !Topology.isName(name, most: 40) {
            reader.problem("\"\(name)\" is no name: letters, digits and hyphens", at: "name")
        }
        for below in reader.mappings("rules") {
            let rules = Rules(node: Fault.node(below, nodes), filter: below.required("nft"))
            let lines = rules.filter.split(separator: "\n").map { $0.drop { $0 == " " || $0 == "\t" } }
            let tables = rules.filter.split(separator: "\n").filter { $0.hasPrefix("table ") }
            // Mending deletes the tables, and nothing else; and a file that somebody has sent reads no others.
            let commands = [
                "add ", "create ", "delete ", "destroy ", "flush ", "include ", "insert ", "replace ", "reset ",
            ]
            if lines.contains(where: { line in commands.contains { line.hasPrefix($0) } && !line.contains("@") }) {
                below.problem("a fault's rules are tables, and no commands of nft", at: "nft")
            }
            if tables.isEmpty || !tables.allSatisfy({ $0.split(separator: " ").dropFirst(2).first == "fault" }) {
                below.problem("every table of a fault has to be named \"fault\", as \"table ip fault {\"", at: "nft")
            }
            below.finish()
            self.rules.append(rules)
        }
        for below in reader.mappings("lines") {
            let name = below.required("link")
            guard let line = links.first(where: { $0.name == name })?.line else {
                below.problem("\"\(name)\" is no link with a line", at: "link")
                below.finish()
                continue
            }
            var changed = line
            changed.read(below)
            below.finish()
            lines.append(LineChange(link: name, settings: changed))
        }
        for below in reader.mappings("commands") {
            let command = Command(
                node: Fault.node(below, nodes),
                arm: Fault.words(below, "arm"),
                disarm: Fault.words(below, "disarm")
            )
            below.finish()
            commands.append(command)
        }
        middleboxes = reader.mappings("middleboxes").compactMap { Fault.middlebox($0, links) }
        services = reader.mappings("services").compactMap { Fault.service($0, nodes) }
        for below in reader.mappings("settings") { settings += Fault.settings(below, nodes) }
        loads = reader.mappings("loads").compactMap { Fault.load($0, nodes) }
        records = reader.mappings("records").compactMap { Fault.record($0, name) }
        reader.finish()
        if self.nodes.isEmpty, self.links.isEmpty {
            reader.problem(
                "fault \"\(name)\" does nothing: it needs \"rules\", \"lines\", \"middleboxes\", \"services\", "
                    + "\"settings\", \"loads\" or \"commands\""
            )
        }
    }

    /// What `ip` can do to a node's network, and nothing else: a file that somebody has sent is no program.
    private static func words(_ reader: LabFileReader, _ key: String) -> [String] {
        let words = reader.required(key).split(separator: " ").map(String.init)
        let kinds = ["address", "link", "neighbour", "route", "rule"]
        let isPlain = words.allSatisfy { $0.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 0x20 } }
        if words.count < 3 || words[0] != "ip" || !kinds.contains(words[1]) || !isPlain {
            reader.problem("a command begins with \"ip\" and one of \(kinds.joined(separator: ", "))", at: key)
        }
        return words
    }

    private static func middlebox(_ reader: LabFileReader, _ links: [Topology.Link]) -> MiddleboxPlace? {
        let name = reader.required("link")
        let middlebox = MiddleboxSettings(reader)
        if links.first(where: { $0.name == name })?.line == nil {
            reader.problem("\"\(name)\" is no link with a line", at: "link")
        }
        reader.finish()
        return middlebox.map { MiddleboxPlace(link: name, middlebox: $0) }
    }

    private static func service(_ reader: LabFileReader, _ nodes: [Topology.Node]) -> ServiceChange? {
        let name = node(reader, nodes)
        let port = UInt16(reader.whole("port", 1...65535) ?? 0)
        let behaviour = ServiceBehaviour(reader)
        let services = nodes.first { $0.name == name }?.services ?? []
        let kind = services.first { $0.port == port }?.kind
        switch (kind, behaviour) {
        case (nil, _): reader.problem("\(name) has no service at port \(port)", at: "port")
        case (.relay, _): reader.problem("a relay does its work, and nothing else", at: "port")
        case (.rsync, _): break
        case (_, .speaksAfter): reader.problem("only a service of kind rsync speaks by itself", at: "speaksAfter")
        default: break
        }
        reader.finish()
        return behaviour.map { ServiceChange(node: name, port: port, behaviour: $0) }
    }

    private static func settings(_ reader: LabFileReader, _ nodes: [Topology.Node]) -> [Setting] {
        let name = node(reader, nodes)
        defer { reader.finish() }
        guard let below = reader.mapping("set") else {
            reader.problem("settings need \"set\", with keys below net")
            return []
        }
        return below.keys.map { key in
            if !Topology.isNetworkSetting(key) { below.problem("\"\(key)\" is no setting below net", at: key) }
            return Setting(node: name, key: key, value: below.text(key) ?? "")
        }
    }

    private static func load(_ reader: LabFileReader, _ nodes: [Topology.Node]) -> LoadThread.Settings? {
        let name = node(reader, nodes, "from")
        let target = LabQuantities.endpoint(reader, "to")
        let bound = reader.parsed("as", "an address") { IPv4Address($0) }
        let rate = reader.rate("rate")
        let connections = reader.whole("connections", 1...1000) ?? 1
        let renewed = reader.duration("renewed")
        reader.finish()
        return target.map {
            LoadThread.Settings(
                node: name,
                address: $0.address,
                port: $0.port,
                from: bound,
                rate: rate,
                connections: connections,
                renewed: renewed
            )
        }
    }

    private static func record(_ reader: LabFileReader, _ fault: String) -> Record? {
        defer { reader.finish() }
        let address = { (key: String) in reader.parsed(key, "an address") { IPv4Address($0) } }
        guard let kind = reader.word("kind", CloudLedger.Act.Kind.self) else {
            if !reader.has("kind") { reader.problem("a record needs a \"kind\"") }
            return nil
        }
        return Record(
            kind: kind,
            source: address("source"),
            destination: address("destination"),
            port: reader.whole("port", 1...65535).map { UInt16($0) },
            action: reader.text("action") ?? "drop",
            policy: reader.text("policy") ?? fault,
            lasts: reader.duration("lasts")
        )
    }

    private static func node(_ reader: LabFileReader, _ nodes: [Topology.Node], _ key: String = "node") -> String {
        let name = reader.required(key)
        if !nodes.contains(where: { $0.name == name }) { reader.problem("\"\(name)\" is no node", at: key) }
        return name
    }
}
