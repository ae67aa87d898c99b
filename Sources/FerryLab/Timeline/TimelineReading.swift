internal import FerryCore

extension Timeline {
    /// Reads a timeline file.
    /// - Parameters:
    ///   - path: named in errors.
    ///   - network: what it plays in.
    /// - Throws: `FerryError` with `ErrorCode.labFile` that tells of every problem with its line.
    init(parsing text: String, path: String, in network: Topology) throws(FerryError) {
        var timeline = Timeline(
            name: "",
            title: "",
            changes: [],
            staging: "",
            stagingAddress: .any,
            ports: [],
            disk: .zero,
            steps: []
        )
        try LabFileReader.read(text, path: path) { reader in
            timeline.name = reader.required("timeline")
            timeline.title = reader.required("title")
            _ = reader.required("topology")
            _ = reader.has("parameters")
            timeline.changes = reader.mappings("changes").map { Fault($0, network.nodes, network.links) }
            timeline.readStaging(reader, network)
            let acts = ActReader(network: network, changes: timeline.changes.map(\.name), ports: timeline.ports)
            timeline.steps = reader.mappings("steps").map { below in
                defer { below.finish() }
                return Step(
                    when: below.required("when"),
                    says: below.required("says"),
                    acts: below.mappings("does").compactMap(acts.act)
                )
            }
            if timeline.steps.isEmpty { reader.problem("\"steps\" is missing") }
        }
        self = timeline
    }

    private mutating func readStaging(_ reader: LabFileReader, _ network: Topology) {
        guard let below = reader.mapping("staging") else {
            reader.problem("\"staging\" is missing: the node, address, ports and disk size of what is moved")
            return
        }
        staging = below.required("node")
        if !network.nodes.contains(where: { $0.name == staging }) {
            below.problem("\"\(staging)\" is no node", at: "node")
        }
        stagingAddress = below.parsed("address", "an address", { IPv4Address($0) }) ?? .any
        ports = below.texts("ports").compactMap { UInt16($0) }
        if ports.isEmpty { below.problem("\"ports\" has to be a list of ports", at: "ports") }
        disk = below.parsed("disk", "a size, as 16MiB", LabQuantities.size) ?? .mebibytes(16)
        below.finish()
    }
}

/// Reads what a step does.
private struct ActReader {
    let network: Topology
    let changes: [String]
    let ports: [UInt16]

    private static let kinds = [
        "arm", "disarm", "instances", "start", "await", "stop", "probe", "wait", "monitor", "records", "allow",
        "diagnose",
    ]

    func act(_ reader: LabFileReader) -> Timeline.Act? {
        defer { reader.finish() }
        guard let kind = ActReader.kinds.first(where: { reader.has($0) }) else {
            reader.problem("an act is one of \(ActReader.kinds.joined(separator: ", "))")
            return nil
        }
        switch kind {
        case "arm":
            let isTold = reader.flag("isTold") ?? true
            return change(reader, kind).map { .arm($0, isTold: isTold) }
        case "disarm": return change(reader, kind).map { .disarm($0) }
        case "stop":
            _ = reader.text("stop")
            return .stop
        case "wait": return reader.duration("wait").map { .wait($0) }
        case "monitor": return reader.text("monitor").map { .monitor(link: $0) }
        case "records": return .records(blocked: reader.parsed("records", "an address") { IPv4Address($0) })
        case "allow":
            let words = reader.texts("allow")
            let addresses = words.compactMap { IPv4Address($0) }
            if addresses.count != words.count { reader.problem("\"allow\" has to be addresses", at: "allow") }
            return .allow(addresses)
        default: return reader.mapping(kind).flatMap { larger(kind, $0) }
        }
    }

    private func larger(_ kind: String, _ reader: LabFileReader) -> Timeline.Act? {
        defer { reader.finish() }
        switch kind {
        case "instances":
            return .instances(
                created: reader.whole("created", 0...10_000) ?? 0,
                released: reader.whole("released", 0...10_000) ?? 0
            )
        case "await":
            let within = reader.duration("within") ?? .seconds(60)
            let word = reader.parsed("all", "verified or broken") { ["verified", "broken"].contains($0) ? $0 : nil }
            return word == "broken" ? .awaitBroken(within: within) : .awaitVerified(within: within)
        case "start": return start(reader)
        case "diagnose": return diagnose(reader)
        default: return probe(reader)
        }
    }

    private func start(_ reader: LabFileReader) -> Timeline.Act? {
        let servers = reader.texts("servers")
        for server in servers where !network.nodes.contains(where: { $0.name == server }) {
            reader.problem("\"\(server)\" is no node", at: "servers")
        }
        let port = UInt16(reader.whole("port", 1...65535) ?? Int(ports.first ?? 0))
        if !ports.contains(port) { reader.problem("the staging server has no port \(port)", at: "port") }
        return .start(servers: servers, port: port, rate: reader.rate("rate"))
    }

    private func diagnose(_ reader: LabFileReader) -> Timeline.Act? {
        if network.site == nil { reader.problem("the topology \(network.name) has no \"site\" to diagnose") }
        var expected = Timeline.Expectation()
        let aTier = "a tier from 0 to 3"
        expected.tier =
            reader.parsed("tier", aTier, { Int($0).flatMap { (0...3).contains($0) ? $0 : nil } }) ?? expected.tier
        expected.cause = reader.parsed("cause", "a cause of a diagnosis") {
            DiagnosisWords.causes.contains($0) ? $0 : nil
        }
        expected.remedy = reader.parsed("remedy", "one of \(DiagnosisWords.remedies.joined(separator: ", "))") {
            DiagnosisWords.remedies.contains($0) ? $0 : nil
        }
        return .diagnose(expected)
    }

    private func probe(_ reader: LabFileReader) -> Timeline.Act? {
        let node = reader.required("from")
        if !network.nodes.contains(where: { $0.name == node }) { reader.problem("\"\(node)\" is no node", at: "from") }
        let target = LabQuantities.endpoint(reader, "to")
        let bound = reader.parsed("as", "an address") { IPv4Address($0) }
        let count = reader.whole("count", 1...100) ?? 1
        let words = reader.texts("sees")
        let sees = words.compactMap { PlainOutcome(rawValue: $0) }
        if sees.count != words.count || sees.isEmpty {
            reader.problem("\"sees\" has to be outcomes of plain connections", at: "sees")
        }
        guard let (address, port) = target else { return nil }
        // A real staging server speaks TLS; what stands elsewhere greets.
        let opening: PlainOpening =
            ports.contains(port) && reader.text("greets") != "yes" ? .tls : PlainOpening(port: port)
        var probe = PlainProbe(node: node, address: address, port: port, opening: opening)
        probe.from = bound
        return .probe(probe, count: count, sees: sees)
    }

    private func change(_ reader: LabFileReader, _ key: String) -> String? {
        reader.parsed(key, "one of \(changes.joined(separator: ", "))") { changes.contains($0) ? $0 : nil }
    }
}
