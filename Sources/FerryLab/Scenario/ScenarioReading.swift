public import FerryCore

extension Scenario {
    /// Reads a scenario file.
    /// - Parameter path: named in errors.
    /// - Throws: `FerryError` with `ErrorCode.labFile` that tells of every problem with its line.
    public init(parsing text: String, path: String) throws(FerryError) {
        var scenario = Scenario(name: "", title: "", topology: "", truth: Truth(), signs: [])
        try LabFileReader.read(text, path: path) { reader in
            scenario.name = reader.required("scenario")
            scenario.title = reader.required("title")
            scenario.topology = reader.required("topology")
            scenario.fault = reader.text("fault")
            if let below = reader.mapping("truth") {
                scenario.truth = Truth(below)
            } else {
                reader.problem("\"truth\" is missing")
            }
            scenario.signs = reader.mappings("signs").compactMap(Sign.init)
            if let below = reader.mapping("grants") { scenario.grants = Grants(below) }
            if scenario.signs.isEmpty { reader.problem("\"signs\" is missing: what plain connections meet") }
        }
        self = scenario
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
        let target = reader.required("to").split(separator: ":")
        let bytes = reader.parsed("bytes", "a size, as 1MiB", LabQuantities.size) ?? .zero
        before =
            reader.parsed("before", "a number from 0 to 1000") {
                Int($0).flatMap { (0...1000).contains($0) ? $0 : nil }
            } ?? 0
        let words = reader.texts("sees")
        sees = words.compactMap { PlainOutcome(rawValue: $0) }
        if sees.count != words.count || sees.isEmpty {
            let known = PlainOutcome.allCases.map(\.rawValue).joined(separator: ", ")
            reader.problem("\"sees\" has to be one or more of \(known)", at: "sees")
        }
        reader.finish()
        guard target.count == 2, let address = IPv4Address(target[0]), let port = UInt16(target[1]), port > 0 else {
            reader.problem("\"to\" has to be an address and a port, as 203.0.113.11:8703", at: "to")
            return nil
        }
        probe = PlainProbe(node: node, address: address, port: port, asks: [80, 8080].contains(port), bytes: bytes.int)
    }
}
