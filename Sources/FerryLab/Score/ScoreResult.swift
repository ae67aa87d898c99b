/// What came of one diagnosis of one scenario.
public struct ScoreResult: Sendable, Equatable, Codable {
    /// How it ended.
    public enum Status: String, Sendable, Codable {
        /// It was diagnosed and compared.
        case scored
        /// The lab or the diagnosis failed.
        case failed
        /// It cannot be diagnosed.
        case skipped
    }

    /// A fault in the words of a diagnosis.
    public struct Words: Sendable, Equatable, Codable {
        /// What.
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
        public var memory: String
        /// What somebody must do.
        public var remedy: String
    }

    /// A diagnosis and what it is worth.
    public struct Scored: Sendable, Equatable, Codable {
        /// What it answered.
        public var verdict: Words
        /// How sure it is, as a word.
        public var level: Verdict.Level
        /// And as a number, 0 to 1.
        public var confidence: Double
        /// Beside the truth.
        public var comparison: TruthComparison
        /// Connections to the suspect: as counted in the network where that could be done, else as the diagnosis says.
        public var suspectConnects: Int
        /// Seconds of the diagnosis.
        public var seconds: Double
        /// Bytes that the diagnosis says it moved.
        public var bytes: Int
        /// Seconds for which the diagnosis has prolonged blocks, or brought them about; nil where the fault does not show it.
        public var harm: Double?
    }

    /// The scenario's name.
    public var scenario: String
    /// What it is, as a sentence.
    public var title: String
    /// What its parameters were drawn by; nil for none.
    public var seed: UInt64?
    /// The round trip and noise of the network; nil for those of the topology.
    public var network: String?
    /// The privilege tier that was granted.
    public var tier: Int
    /// Who diagnosed.
    public var by: String
    /// The truth.
    public var truth: Words
    /// How it ended.
    public var status: Status
    /// Why it failed or was skipped.
    public var reason: String?
    /// What came of it, if it was scored.
    public var scored: Scored?

    /// A result of `scenario` that nothing is known of yet.
    public init(_ scenario: Scenario, tier: Int, by: String, seed: UInt64?, network: String?) {
        self.scenario = scenario.name
        title = scenario.title
        self.seed = seed
        self.network = network
        self.tier = tier
        self.by = by
        truth = Words(
            causes: scenario.truth.causes,
            loci: scenario.truth.loci,
            mechanism: scenario.truth.mechanism,
            selector: scenario.truth.selector,
            trigger: scenario.truth.trigger,
            memory: scenario.truth.memory,
            remedy: scenario.truth.remedy
        )
        status = .skipped
    }

    /// Whether the network was well.
    public var isHealthy: Bool { truth.causes == ["none"] }

    /// Takes over what `verdict` answers.
    public mutating func score(
        _ verdict: Verdict,
        _ truth: Scenario.Truth,
        seconds: Double,
        connects: Int?,
        harm: Double?
    ) {
        status = .scored
        scored = Scored(
            verdict: Words(
                causes: verdict.causes,
                loci: verdict.loci,
                mechanism: verdict.mechanism,
                selector: verdict.selector,
                trigger: verdict.trigger,
                memory: verdict.memory.kind,
                remedy: verdict.remedy
            ),
            level: verdict.level,
            confidence: verdict.confidence,
            comparison: TruthComparison(verdict, truth, tier: tier),
            suspectConnects: connects ?? verdict.cost.suspectConnects,
            seconds: seconds,
            bytes: verdict.cost.bytes,
            harm: harm
        )
    }
}
