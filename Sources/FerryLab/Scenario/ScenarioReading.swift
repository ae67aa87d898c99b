internal import FerryCore

extension Scenario {
    /// Reads a scenario file.
    /// - Parameters:
    ///   - path: named in errors.
    ///   - network: what it plays in.
    /// - Throws: `FerryError` with `ErrorCode.labFile` that tells of every problem with its line.
    init(parsing text: String, path: String, in network: Topology) throws(FerryError) {
        var scenario = Scenario(name: "", title: "", topology: "", truth: Truth(), signs: [])
        try LabFileReader.read(text, path: path) { reader in
            scenario.name = reader.required("scenario")
            scenario.title = reader.required("title")
            scenario.topology = reader.required("topology")
            _ = reader.has("parameters")
            scenario.fault = Scenario.fault(reader, network)
            if let below = reader.mapping("truth") {
                scenario.truth = Truth(below)
            } else {
                reader.problem("\"truth\" is missing")
            }
            scenario.signs = reader.mappings("signs").compactMap(Sign.init)
            scenario.timeScale = reader.timeScale
            if let below = reader.mapping("grants") { scenario.grants = Grants(below) }
            if scenario.signs.isEmpty { reader.problem("\"signs\" is missing: what plain connections meet") }
        }
        for sign in scenario.signs where !network.nodes.contains(where: { $0.name == sign.probe.node }) {
            throw FerryError(
                .labFile,
                operation: "use",
                subject: path,
                cause: "a sign is from \"\(sign.probe.node)\", which is no node of \(network.name)",
                advice: "Name one of \(network.nodes.map(\.name).joined(separator: ", "))."
            )
        }
        self = scenario
    }

    /// The name of a fault of the topology, or a fault.
    private static func fault(_ reader: LabFileReader, _ network: Topology) -> Fault? {
        guard reader.has("fault") else { return nil }
        if reader.isMapping("fault") { return reader.mapping("fault").map { Fault($0, network.nodes, network.links) } }
        return reader.parsed("fault", "a fault of \(network.name)") { name in
            network.faults.first { $0.name == name }
        }
    }
}

extension Scenario.Truth {
    init(_ reader: LabFileReader) {
        causes = reader.texts("causes")
        for cause in causes where !DiagnosisWords.causes.contains(cause) {
            reader.problem("\"\(cause)\" is no cause that a diagnosis knows", at: "causes")
        }
        if causes.isEmpty { reader.problem("\"causes\" is missing") }
        loci = reader.texts("loci")
        for locus in loci where !DiagnosisWords.loci.contains(locus) {
            reader.problem("\"\(locus)\" is not one of \(DiagnosisWords.loci.joined(separator: ", "))", at: "loci")
        }
        selector = reader.texts("selector")
        for part in selector where !DiagnosisWords.selectors.contains(part) {
            let known = DiagnosisWords.selectors.joined(separator: ", ")
            reader.problem("\"\(part)\" is not one of \(known)", at: "selector")
        }
        mechanism = Self.word(reader, "mechanism", DiagnosisWords.mechanisms)
        trigger = Self.word(reader, "trigger", DiagnosisWords.triggers)
        remedy = Self.word(reader, "remedy", DiagnosisWords.remedies)
        readMemory(reader)
        readLimits(reader)
        reader.finish()
    }

    static func word(_ reader: LabFileReader, _ key: String, _ known: [String]) -> String {
        let expected = "one of \(known.joined(separator: ", "))"
        if !reader.has(key) { reader.problem("\"\(key)\" is missing") }
        return reader.parsed(key, expected) { known.contains($0) ? $0 : nil } ?? ""
    }
}

extension Scenario.Sign {
    init?(_ reader: LabFileReader) {
        let node = reader.required("from")
        let target = LabQuantities.endpoint(reader, "to")
        let bytes = reader.bytes("bytes") ?? 0
        let rate = reader.rate("rate")
        let idle = reader.duration("idle") ?? .zero
        let bound = reader.parsed("as", "an address") { IPv4Address($0) }
        let fromPort = reader.whole("fromPort", 1...65535) ?? 0
        let lossyFrom = reader.parsed("lossyFrom", "a share, as 5%", LabQuantities.probability)
        let slowBelow = reader.rate("slowBelow")
        before = reader.whole("before", 0...1000) ?? 0
        beside = reader.whole("beside", 0...1000) ?? 0
        pause = reader.duration("pause") ?? .zero
        let words = reader.texts("sees")
        sees = words.compactMap { PlainOutcome(rawValue: $0) }
        if sees.count != words.count || sees.isEmpty {
            let known = PlainOutcome.allCases.map(\.rawValue).joined(separator: ", ")
            reader.problem("\"sees\" has to be one or more of \(known)", at: "sees")
        }
        let evidence = reader.texts("shows")
        shows = Set(evidence.compactMap { PlainEvidence(rawValue: $0) })
        if shows.count != evidence.count {
            let known = PlainEvidence.allCases.map(\.rawValue).joined(separator: ", ")
            reader.problem("each of \"shows\" has to be one of \(known)", at: "shows")
        }
        reader.finish()
        guard let (address, port) = target else { return nil }
        probe = PlainProbe(node: node, address: address, port: port, opening: PlainOpening(port: port), bytes: bytes)
        probe.idle = idle
        probe.rate = rate
        probe.from = bound
        probe.fromPort = UInt16(fromPort)
        probe.lossyFrom = lossyFrom ?? probe.lossyFrom
        probe.slowBelow = slowBelow
    }
}
