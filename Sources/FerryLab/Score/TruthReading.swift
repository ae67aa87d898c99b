extension Scenario.Truth {
    /// Answers that no experiment can tell from the truth, as long as the diagnosis has no more than a privilege tier gives.
    public struct Alike: Sendable, Equatable {
        /// The highest tier at which that is so, 0 to 3.
        public var tier: Int
        /// Causes that are as right as the truth's.
        public var causes: [String] = []
        /// Loci that are as right as the truth's.
        public var loci: [String] = []
        /// What would have to be done if one of them were the truth.
        public var remedies: [String] = []
        /// Why they cannot be told apart, and what would do it.
        public var why: String
    }

    /// `memory: fixed`, or `memory: { kind: fixed, seconds: 6 }`.
    mutating func readMemory(_ reader: LabFileReader) {
        guard reader.isMapping("memory"), let below = reader.mapping("memory") else {
            memory = Self.word(reader, "memory", DiagnosisWords.memories)
            return
        }
        memory = Self.word(below, "kind", DiagnosisWords.memories)
        memorySeconds = below.parsed("seconds", "a number of seconds over 0") {
            Double($0).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
        }
        below.finish()
        if memorySeconds != nil, !["fixed", "renewed-by-hits"].contains(memory) {
            below.problem("only a memory that is fixed or renewed-by-hits has seconds", at: "seconds")
        }
    }

    /// `alike` and `refusal`: what nobody can be asked to tell.
    mutating func readLimits(_ reader: LabFileReader) {
        alike = reader.mappings("alike").map { Alike($0) }
        refusal =
            reader.parsed("refusal", "\"yes\" or \"no\"") {
                ["yes": true, "true": true, "no": false, "false": false][$0]
            } ?? false
    }
}

extension Scenario.Truth.Alike {
    init(_ reader: LabFileReader) {
        if !reader.has("tier") { reader.problem("\"tier\" is missing: up to which the answers are alike") }
        tier = reader.parsed("tier", "a tier from 0 to 3") { Int($0).flatMap { (0...3).contains($0) ? $0 : nil } } ?? 0
        causes = Self.words(reader, "causes", "a cause that a diagnosis knows") { DiagnosisWords.causes.contains($0) }
        loci = Self.words(reader, "loci", "a locus that a diagnosis knows") { DiagnosisWords.loci.contains($0) }
        remedies = Self.words(reader, "remedies", "a remedy that a diagnosis knows") {
            DiagnosisWords.remedies.contains($0)
        }
        why = reader.required("why")
        reader.finish()
        if causes.isEmpty, loci.isEmpty { reader.problem("\"alike\" needs \"causes\" or \"loci\"") }
    }

    private static func words(
        _ reader: LabFileReader,
        _ key: String,
        _ expected: String,
        _ isKnown: (String) -> Bool
    ) -> [String] {
        let words = reader.texts(key)
        for word in words where !isKnown(word) { reader.problem("\"\(word)\" is not \(expected)", at: key) }
        return words
    }
}
