public import FerryEvidence

/// How likely each outcome is; sums up to 1.
public struct OutcomeDistribution: Sendable, Equatable {
    private var values: [Double]

    static let count = ProbeOutcome.allCases.count
    private static let positions = Dictionary(
        uniqueKeysWithValues: ProbeOutcome.allCases.enumerated().map { ($0.element, $0.offset) }
    )

    /// `weights`, with a leak for what is not in them, made to sum up to 1.
    init(_ weights: LikelihoodTable.Outcomes, leak: Double = LikelihoodTable.Background.leak) {
        values = Array(repeating: leak, count: OutcomeDistribution.count)
        for (outcome, weight) in weights { values[OutcomeDistribution.position(outcome)] += weight }
        normalise()
    }

    /// A mixture: `first` with the weight `share`, else `second`.
    init(_ share: Double, _ first: OutcomeDistribution, else second: OutcomeDistribution) {
        values = zip(first.values, second.values).map { share * $0 + (1 - share) * $1 }
    }

    static func position(_ outcome: ProbeOutcome) -> Int { positions[outcome] ?? 0 }

    /// The probability of `outcome`.
    public subscript(_ outcome: ProbeOutcome) -> Double { values[OutcomeDistribution.position(outcome)] }
    /// The probability of the outcome at `position` of all.
    subscript(position position: Int) -> Double { values[position] }

    private mutating func normalise() {
        let sum = values.reduce(0, +)
        for index in values.indices { values[index] /= sum }
    }
}
