public import FerryCore

extension Topology {
    /// Reads a topology file.
    /// - Parameter path: named in errors.
    /// - Throws: `FerryError` with `ErrorCode.labFile` that tells of every problem with its line.
    public init(parsing text: String, path: String) throws(FerryError) {
        var topology = Topology(name: "", nodes: [], links: [], faults: [], seed: 1)
        try LabFileReader.read(text, path: path) { reader in
            topology.name = reader.required("topology")
            topology.seed = reader.parsed("seed", "a whole number", { UInt64($0) }) ?? 1
            for below in reader.mappings("nodes") { topology.nodes += Topology.nodes(below) }
            for below in reader.mappings("links") { topology.links += Topology.links(below, topology.nodes) }
            for below in reader.mappings("faults") {
                topology.faults.append(Fault(below, topology.nodes, topology.links))
            }
            topology.timeScale = reader.timeScale ?? 1
            if let below = reader.mapping("cloud") {
                topology.cloud.allowanceDelay = below.duration("allowanceDelay") ?? .seconds(10)
                topology.cloud.recordsAreComplete = below.flag("recordsAreComplete") ?? true
                below.finish()
            }
            // They were read before: their values are in the text.
            _ = reader.has("parameters")
            if let below = reader.mapping("site") { topology.site = Site(below, topology.nodes) }
            topology.check(reader)
        }
        self = topology
    }

    /// One node, or with `count` several whose names end in their number.
    private static func nodes(_ reader: LabFileReader) -> [Node] {
        var node = Node(name: reader.required("name"))
        node.place = reader.parsed("place", "one of \(places.joined(separator: ", "))") {
            places.contains($0) ? $0 : nil
        }
        node.addresses = reader.texts("addresses")
        for address in node.addresses where LabQuantities.network(numbered(address, 1)) == nil {
            reader.problem("\"\(address)\" is not an address with prefix length, as 192.0.2.1/24", at: "addresses")
        }
        if let bridge = reader.mapping("bridge") {
            node.bridge = Bridge(address: address(bridge, "address"))
            bridge.finish()
        }
        node.routes = arguments(reader, "routes")
        node.rules = arguments(reader, "rules")
        if let settings = reader.mapping("settings") {
            for key in settings.keys {
                node.settings[key] = settings.text(key)
                if !isNetworkSetting(key) { settings.problem("\"\(key)\" is no setting below net", at: key) }
            }
        }
        node.filter = reader.text("nft")
        node.services = reader.mappings("services").compactMap(service)
        let count = reader.parsed("count", "a number from 1 to 500") {
            Int($0).flatMap { (1...500).contains($0) ? $0 : nil }
        }
        reader.finish()
        guard let count else {
            if !isName(node.name) { reader.problem("\"\(node.name)\" is no name: \(nameRule)", at: "name") }
            return [node]
        }
        return (1...count).map { number in
            var copy = node
            copy.name = "\(node.name)\(number)"
            copy.addresses = node.addresses.map { numbered($0, number) }
            copy.routes = node.routes.map { numbered($0, number) }
            if !isName(copy.name) { reader.problem("\"\(copy.name)\" is no name: \(nameRule)", at: "name") }
            return copy
        }
    }

    private static func service(_ reader: LabFileReader) -> Service? {
        let kinds = Service.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        let kind = reader.parsed("kind", "one of \(kinds)", { Service.Kind(rawValue: $0) })
        let port = reader.parsed("port", "a port", { UInt16($0) })
        reader.finish()
        guard let kind, let port, port > 0 else {
            if !reader.has("kind") || !reader.has("port") { reader.problem("a service needs \"kind\" and \"port\"") }
            return nil
        }
        return Service(kind: kind, port: port)
    }

    /// One link, or one to each of several nodes: `near: source*` stands for source1, source2 and so on.
    private static func links(_ reader: LabFileReader, _ nodes: [Node]) -> [Link] {
        let name = reader.required("name")
        let nears = reader.mapping("near")
        let fars = reader.mapping("far")
        let line = reader.mapping("line").map(line)
        reader.finish()
        guard let nears, let fars else {
            reader.problem("a link needs \"near\" and \"far\"")
            return []
        }
        let pattern = nears.required("node")
        if pattern.hasSuffix("*") {
            let stem = pattern.dropLast()
            let many = nodes.filter { $0.name.hasPrefix(stem) && Int($0.name.dropFirst(stem.count)) != nil }
            if many.isEmpty { nears.problem("there is no node \"\(stem)1\"", at: "node") }
            return many.map { node in
                let number = Int(node.name.dropFirst(stem.count)) ?? 0
                return Link(
                    name: "\(name)\(number)",
                    near: end(nears, node.name, number),
                    far: end(fars, fars.required("node"), number),
                    line: line
                )
            }
        }
        return [
            Link(name: name, near: end(nears, pattern, nil), far: end(fars, fars.required("node"), nil), line: line)
        ]
    }

    /// With a number, `{}` in a device's name and address stands for it; in an address, 250 of them share its last
    /// byte.
    private static func end(_ reader: LabFileReader, _ node: String, _ number: Int?) -> End {
        var device = reader.required("device")
        var address = reader.text("address")
        if let number {
            device = replace(device, "{}", with: "\(number)")
            address = address.map { numbered($0, number) }
        }
        if let address, LabQuantities.network(address) == nil {
            reader.problem("\"\(address)\" is not an address with prefix length, as 192.0.2.1/24", at: "address")
        }
        if !isName(device) { reader.problem("\"\(device)\" is no name of a device: \(nameRule)", at: "device") }
        reader.finish()
        return End(node: node, device: device, address: address)
    }

    private static func numbered(_ text: String, _ number: Int) -> String {
        let (high, low) = ((number - 1) / 250, (number - 1) % 250 + 1)
        return replace(replace(text, "{high}", with: "\(high)"), "{}", with: "\(low)")
    }

    private static func replace(_ text: String, _ part: String, with: String) -> String {
        var pieces: [Substring] = []
        var rest = text[...]
        while let range = rest.firstRange(of: part) {
            pieces.append(rest[..<range.lowerBound])
            pieces.append(with[...])
            rest = rest[range.upperBound...]
        }
        return (pieces + [rest]).joined()
    }

    private static func address(_ reader: LabFileReader, _ key: String) -> String? {
        reader.parsed(key, "an address with prefix length, as 192.0.2.1/24", LabQuantities.network)
    }

    private static func line(_ reader: LabFileReader) -> Line {
        var line = Line(forward: LineSettings(), back: LineSettings())
        line.read(reader)
        reader.finish()
        return line
    }

    /// What only the whole shows.
    private func check(_ reader: LabFileReader) {
        var names: Set<String> = []
        for node in nodes where !names.insert(node.name).inserted {
            reader.problem("there are two nodes \"\(node.name)\"", at: "nodes")
        }
        var faultNames: Set<String> = []
        for fault in faults where !faultNames.insert(fault.name).inserted {
            reader.problem("there are two faults \"\(fault.name)\"", at: "faults")
        }
        var ends: Set<String> = []
        var linkNames: Set<String> = []
        for link in links {
            if !linkNames.insert(link.name).inserted {
                reader.problem("there are two links \"\(link.name)\"", at: "links")
            }
            for end in [link.near, link.far] {
                if !names.contains(end.node) {
                    reader.problem("link \"\(link.name)\" leads to \"\(end.node)\", which is no node", at: "links")
                }
                if !ends.insert("\(end.node) \(end.device)").inserted {
                    reader.problem("\(end.node) has two devices \"\(end.device)\"", at: "links")
                }
            }
        }
    }

    static let places = [
        "application", "source-host", "source-lan", "source-firewall", "source-egress", "carrier", "transit",
        "cloud-edge",
        "cloud-network", "service",
    ]

    private static let nameRule = "letters, digits and hyphens, at most 15"

    /// Whether a key names a file below /proc/sys/net.
    static func isNetworkSetting(_ key: String) -> Bool {
        let parts = key.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count > 2 && parts[0] == "net"
            && parts.allSatisfy { part in
                !part.isEmpty
                    && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
            }
    }

    /// Arguments of one command of `ip`: whoever has sent the file must not begin another.
    private static func arguments(_ reader: LabFileReader, _ key: String) -> [String] {
        let texts = reader.texts(key)
        for text in texts {
            let isPlain = text.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || "0123456789./:_-{} ".unicodeScalars.contains(scalar))
            }
            if !isPlain || text.isEmpty || text.hasPrefix("-") {
                reader.problem("\"\(text)\" is not what comes after \"ip \(key.dropLast()) add\"", at: key)
            }
        }
        return texts
    }

    static func isName(_ text: String, most: Int = 15) -> Bool {
        (1...most).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || $0 == 0x2D
            }
    }
}
