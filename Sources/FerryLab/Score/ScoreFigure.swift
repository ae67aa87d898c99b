internal import Foundation

/// One figure of a card, for reading: what it is, what it comes to, and what a good diagnosis reaches.
public struct ScoreFigure: Sendable, Equatable {
    /// What a figure should be.
    public enum Gate: Sendable, Equatable {
        /// At least this.
        case atLeast(Double)
        /// At most this.
        case atMost(Double)

        /// As `>= 0.90`.
        public var text: String {
            switch self {
            case .atLeast(let limit): ">= \(ScoreFigure.number(limit))"
            case .atMost(let limit): "<= \(ScoreFigure.number(limit))"
            }
        }
    }

    /// The key of it in JSON.
    public var key: String
    /// What it is, in words.
    public var name: String
    /// What it comes to; nil if nothing was there to measure.
    public var value: Double?
    /// How many of how many, for a share.
    public var share: ScoreCard.Share?
    /// What it should be; nil for what has no gate.
    public var gate: Gate?

    /// Whether the gate holds; nil without a gate or a value.
    public var holds: Bool? {
        guard let value, let gate else { return nil }
        switch gate {
        case .atLeast(let limit): return value >= limit
        case .atMost(let limit): return value <= limit
        }
    }

    /// The value for reading: `0.95 (19 of 20)`.
    public var text: String {
        guard let value else { return "-" }
        let number = ScoreFigure.number(value)
        return share.map { String(format: "%.2f", value) + " (\($0.count) of \($0.of))" } ?? number
    }

    /// Two decimals below ten; none for what is whole or larger.
    static func number(_ value: Double) -> String {
        let isWhole = value == value.rounded() || abs(value) >= 9.995
        return String(format: isWhole ? "%.0f" : "%.2f", value)
    }
}

extension ScoreCard {
    /// All figures, with the gates that are suggested.
    public var figures: [ScoreFigure] {
        let high = only { $0.tier >= 2 }
        let low = only { $0.tier < 2 }
        var figures: [ScoreFigure] = []
        func add(_ key: String, _ name: String, _ value: Double?, _ gate: ScoreFigure.Gate? = nil) {
            figures.append(ScoreFigure(key: key, name: name, value: value, gate: gate))
        }
        func add(_ key: String, _ name: String, _ share: Share, _ gate: ScoreFigure.Gate? = nil) {
            figures.append(ScoreFigure(key: key, name: name, value: share.value, share: share, gate: gate))
        }
        add("remedy", "remedy right", remedy)
        if high.remedy.of > 0 { add("remedyAtTier2", "  at tiers 2 and 3", high.remedy, .atLeast(0.9)) }
        if low.remedy.of > 0 {
            add("remedyAtTier0", "  at tiers 0 and 1", low.remedy, .atLeast(0.65))
            add("coverageAtTier0", "  its 90 % set holds the truth", low.coverage, .atLeast(0.9))
        }
        add("locus", "locus right", locus)
        add("cause", "cause right", cause)
        add("mechanism", "mechanism right", mechanism)
        add("selector", "selector exact", selector)
        add("trigger", "trigger right", trigger)
        add("memory", "memory's kind right", memory)
        add("memorySeconds", "memory's seconds bracketed", seconds)
        add("brier", "Brier score", calibration.brier)
        add("calibrationError", "calibration error, 10 bins", calibration.expectedError, .atMost(0.05))
        add("coverage", "90 % set holds the truth", coverage)
        add("refusals", "refused where it cannot be told", refusals)
        add("needlessRefusals", "refused where it can", needlessRefusals)
        add("falseAlarms", "false alarms", falseAlarms, .atMost(0))
        add("missed", "broken, and found healthy", missed)
        add("overconfident", "(very) sure, and wrong", overconfident)
        add("failures", "failed, counted as wrong", failures)
        add("suspectConnects", "median connects to the suspect", medianConnects, .atMost(8))
        add("seconds", "median seconds", medianSeconds)
        add("bytes", "median bytes", medianBytes)
        add("harm", "median extra seconds of block", medianHarm, .atMost(0))
        add("harm95", "  in 95 of 100 at most", harm95)
        return figures
    }
}
