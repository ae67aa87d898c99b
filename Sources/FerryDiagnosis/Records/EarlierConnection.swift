public import FerryEvidence

/// A connection that another diagnosis has made before this one began, or meanwhile. A suspect counts it, whoever asks next.
public struct EarlierConnection: Codable, Sendable, Equatable {
    /// What was asked, of the host as this diagnosis calls it.
    public var plan: ProbePlan
    /// Seconds before it is told of.
    public var secondsBefore: Double
    /// Whether the peer's side ended it.
    public var wasKilled: Bool
    /// When the other diagnosis began, RFC 3339: with the plan's name it tells connections apart.
    public var diagnosis: String?
    /// Whether it was told of before, and only that it was killed is new.
    public var isKnown: Bool?

    /// A connection as `plan` says.
    public init(plan: ProbePlan, secondsBefore: Double, wasKilled: Bool, diagnosis: String? = nil) {
        self.plan = plan
        self.secondsBefore = secondsBefore
        self.wasKilled = wasKilled
        self.diagnosis = diagnosis
    }
}
