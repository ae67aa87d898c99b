/// What a diagnosis answers, as far as it is scored: the part of `ferry.diagnosis/1` that truths speak of.
public struct Verdict: Sendable, Equatable {
    /// How sure it is.
    public enum Level: String, Sendable, Codable, CaseIterable {
        /// The remedy was tried, and helped.
        case confirmed
        /// At least 0.95, and a designed contrast has shown it.
        case veryLikely = "very-likely"
        /// The best there is.
        case likely
        /// One of several, which nothing that was granted can part.
        case indistinguishable
        /// None.
        case noVerdict = "no-verdict"
    }

    /// What keeps a fault.
    public struct Memory: Sendable, Equatable {
        /// `none`, `fixed`, `renewed-by-hits`, `until-lifted` or `unknown`.
        public var kind: String
        /// Between how many seconds and how many; nil where it was not measured.
        public var seconds: ClosedRange<Double>?
    }

    /// Something else that it may be.
    public struct Alternative: Sendable, Equatable {
        /// What is broken.
        public var causes: [String]
        /// What somebody would have to do.
        public var remedy: String
        /// 0 to 1.
        public var probability: Double
    }

    /// A set that cannot be parted.
    public struct Class: Sendable, Equatable {
        /// Its members.
        public var causes: [String]
        /// What would part them.
        public var separatedBy: String
    }

    /// What it took.
    public struct Cost: Sendable, Equatable {
        /// Connections to the suspect.
        public var suspectConnects = 0
        /// Seconds.
        public var seconds = 0.0
        /// Bytes, both ways.
        public var bytes = 0
    }

    /// How sure it is.
    public var level: Level
    /// What is broken; two or more at once, or with `indistinguishable` one of these.
    public var causes: [String]
    /// Where.
    public var loci: [String]
    /// How.
    public var mechanism: String
    /// Which packets.
    public var selector: [String]
    /// What armed it.
    public var trigger: String
    /// What keeps it.
    public var memory: Memory
    /// What somebody must do.
    public var remedy: String
    /// How likely it is that this is right, 0 to 1.
    public var confidence: Double
    /// What else it may be.
    public var alternatives: [Alternative] = []
    /// What it cannot part.
    public var indistinguishable: [Class] = []
    /// The privilege tier that it worked at, 0 to 3.
    public var tier = 0
    /// What it took.
    public var cost = Cost()
}

extension Verdict {
    /// Every cause that the answer leaves possible as its first choice: with `indistinguishable`, the whole set.
    public var set: Set<String> {
        level == .indistinguishable ? Set(causes + indistinguishable.flatMap(\.causes)) : Set(causes)
    }
}
