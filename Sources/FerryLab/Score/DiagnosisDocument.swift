/// The keys of `ferry.diagnosis/1` that are scored, as they stand in the file.
struct DiagnosisDocument: Decodable {
    struct Answer: Decodable {
        var level: String
        var causes: [String]
        var loci: [String]
        var mechanism: String
        var selector: [String]
        var trigger: String
        var memory: Memory
        var remedy: String
        var confidence: Double
    }

    struct Memory: Decodable {
        var kind: String
        var seconds: [Double]?

        /// From and to, if there are two that are in order.
        var bracket: ClosedRange<Double>? {
            guard let seconds, seconds.count == 2, seconds[0] <= seconds[1] else { return nil }
            return seconds[0]...seconds[1]
        }
    }

    struct Alternative: Decodable {
        var causes: [String]
        var remedy: String
        var probability: Double
    }

    struct Class: Decodable {
        var causes: [String]
        var separatedBy: String?
    }

    struct Cost: Decodable {
        var suspectConnects: Int
        var seconds: Double
        var bytes: Int
    }

    var schema: String
    var tier: Int
    var verdict: Answer
    var alternatives: [Alternative]?
    var indistinguishable: [Class]?
    var cost: Cost

    /// What is wrong with it, although it has the right shape.
    var problems: [String] {
        var problems: [String] = []
        func check(_ place: String, _ words: [String], _ isKnown: (String) -> Bool) {
            for word in words where !isKnown(word) { problems.append("\(place): \"\(word)\" is not in the vocabulary") }
        }
        if schema != "ferry.diagnosis/1" { problems.append("schema: it is \"\(schema)\" and not ferry.diagnosis/1") }
        if !(0...3).contains(tier) { problems.append("tier: \(tier) is not from 0 to 3") }
        let levels = Verdict.Level.allCases.map(\.rawValue)
        check("verdict.level", [verdict.level], levels.contains)
        check("verdict.causes", verdict.causes, DiagnosisWords.causes.contains)
        check("verdict.loci", verdict.loci, DiagnosisWords.loci.contains)
        check("verdict.mechanism", [verdict.mechanism], DiagnosisWords.mechanisms.contains)
        check("verdict.selector", verdict.selector, DiagnosisWords.selectors.contains)
        check("verdict.trigger", [verdict.trigger], DiagnosisWords.triggers.contains)
        check("verdict.memory.kind", [verdict.memory.kind], DiagnosisWords.memories.contains)
        check("verdict.remedy", [verdict.remedy], DiagnosisWords.remedies.contains)
        if verdict.memory.seconds != nil, verdict.memory.bracket == nil {
            problems.append("verdict.memory.seconds: it has to be two numbers, the lower first")
        }
        if !(0...1).contains(verdict.confidence) {
            problems.append("verdict.confidence: \(verdict.confidence) is not from 0 to 1")
        }
        if verdict.level == "indistinguishable", verdict.causes.count < 2 {
            problems.append("verdict.causes: what is indistinguishable has two or more")
        }
        if verdict.causes.isEmpty, verdict.level != "no-verdict" {
            problems.append("verdict.causes: a verdict names at least one, or \"none\"")
        }
        for (number, one) in (alternatives ?? []).enumerated() {
            check("alternatives[\(number)].causes", one.causes, DiagnosisWords.causes.contains)
            check("alternatives[\(number)].remedy", [one.remedy], DiagnosisWords.remedies.contains)
            if !(0...1).contains(one.probability) {
                problems.append("alternatives[\(number)].probability: \(one.probability) is not from 0 to 1")
            }
        }
        let sum = (alternatives ?? []).reduce(verdict.confidence) { $0 + $1.probability }
        if verdict.level != "indistinguishable", sum > 1.01 {
            problems.append("alternatives: with the verdict they have a probability of \(sum), and more than 1")
        }
        for (number, one) in (indistinguishable ?? []).enumerated() {
            check("indistinguishable[\(number)].causes", one.causes, DiagnosisWords.causes.contains)
        }
        if cost.suspectConnects < 0 || cost.seconds < 0 || cost.bytes < 0 {
            problems.append("cost: it cannot be below nought")
        }
        return problems
    }
}
