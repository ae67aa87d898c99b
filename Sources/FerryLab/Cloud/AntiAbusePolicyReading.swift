internal import FerryCore

extension AntiAbusePolicy.Settings {
    /// Reads what a file says of one.
    init(_ reader: LabFileReader) {
        match = SegmentMatch(reader)
        exempt = Set(
            reader.texts("exempt").compactMap { text in
                guard let port = UInt16(text) else {
                    reader.problem("\"\(text)\" is no port", at: "exempt")
                    return nil
                }
                return port
            }
        )
        let words = reader.texts("selector")
        if !words.isEmpty {
            parts = Set(words.compactMap { Part(rawValue: $0) })
            if parts.count != words.count {
                let known = Part.allCases.map(\.rawValue).joined(separator: ", ")
                reader.problem("each of \"selector\" has to be one of \(known)", at: "selector")
            }
        }
        connections = Self.limit(reader, "connections") { Int($0) }
        bytes = Self.limit(reader, "bytes") { LabQuantities.size($0)?.int }
        churn = Self.limit(reader, "churn") { Int($0) }
        connectionsAgain = Self.limit(reader, "connectionsAgain") { Int($0) }
        bytesAgain = Self.limit(reader, "bytesAgain") { LabQuantities.size($0)?.int }
        follows = reader.duration("follows") ?? .zero
        ending = reader.word("does", FlowEnding.self) ?? .reset
        isAfterHandshake = reader.flag("afterHandshake") ?? false
        memory = reader.duration("memory")
        isRenewed = reader.flag("renewedByHits") ?? false
        if let below = reader.mapping("duty") {
            if let holds = below.duration("holds"), let rests = below.duration("rests") {
                duty = Duty(holds: holds, rests: rests)
            } else {
                below.problem("a duty needs \"holds\" and \"rests\"")
            }
            below.finish()
        }
        name = reader.text("name") ?? name
        if connections == nil, bytes == nil, churn == nil {
            reader.problem("a policy needs \"connections\", \"bytes\" or \"churn\"")
        }
    }

    private static func limit(_ reader: LabFileReader, _ key: String, _ parse: (String) -> Int?) -> Limit? {
        guard let below = reader.mapping(key) else { return nil }
        let count = below.parsed("over", "a number or a size", parse)
        let within = below.duration("within")
        below.finish()
        guard let count, let within, within > .zero else {
            below.problem("\"\(key)\" needs \"over\" and \"within\", as { over: 20, within: 60s }")
            return nil
        }
        return Limit(count: count, within: within)
    }
}
