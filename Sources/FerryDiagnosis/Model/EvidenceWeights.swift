/// How much an observation counts beside others: what one connection shows varies together, and noise persists.
public struct EvidenceWeights: Sendable, Hashable {
    /// The power to which the likelihood of each finding is raised.
    public var temper: Double
    /// The weight of the k-th finding that is the same as earlier ones is this to the power of k - 1.
    public var repeats: Double
    /// The same for what has worked by the same way with other content: new for what looks at content, and not for the rest.
    public var related: Double
    /// The weight of each connection in the mover's history.
    public var history: Double

    /// Weights of 0 to 1.
    public init(temper: Double, repeats: Double, related: Double, history: Double) {
        self.temper = temper
        self.repeats = repeats
        self.related = related
        self.history = history
    }

    /// What diagnoses use.
    public static let cautious = EvidenceWeights(
        temper: LikelihoodTable.Weight.temper,
        repeats: LikelihoodTable.Weight.repeats,
        related: LikelihoodTable.Weight.related,
        history: LikelihoodTable.Weight.history
    )
}
