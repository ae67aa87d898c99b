/// A fault of a topology, the truth about it, and what plain connections meet of it.
public struct Scenario: Sendable, Equatable {
    /// The truth, in the words of a diagnosis.
    public struct Truth: Sendable, Equatable {
        /// What is broken.
        public var causes: [String] = []
        /// Where.
        public var loci: [String] = []
        /// How.
        public var mechanism = ""
        /// Which packets.
        public var selector: [String] = []
        /// What armed it.
        public var trigger = ""
        /// What keeps it.
        public var memory = ""
        /// For how many seconds, where that is a fixed time; nil where it is not, or nobody says.
        public var memorySeconds: Double?
        /// What somebody must do.
        public var remedy = ""
        /// What cannot be told from it.
        public var alike: [Alike] = []
        /// Whether the right answer is that it cannot be told, with a set that holds this truth.
        public var refusal = false
    }

    /// What a plain connection meets while the fault is armed. While it is not, each is well.
    public struct Sign: Sendable, Equatable {
        /// The connection.
        public var probe: PlainProbe
        /// How often it is made first, unheard: what provokes the fault.
        public var before: Int
        /// How many such connections stand beside it.
        public var beside: Int
        /// How long nothing is done before it.
        public var pause: Duration
        /// What it meets; any of these.
        public var sees: [PlainOutcome]
        /// What else is seen of it, and is not while the network is well.
        public var shows: Set<PlainEvidence>
    }

    /// Its name.
    public var name: String
    /// What it is, as a sentence.
    public var title: String
    /// The topology file, beside the scenario's folder.
    public var topology: String
    /// What is broken: a fault of the topology, or one of the scenario's own; nil for a healthy network.
    public var fault: Fault?
    /// The truth.
    public var truth: Truth
    /// What plain connections meet.
    public var signs: [Sign]
    /// What the waits of whoever diagnoses it are multiplied by; nil leaves that to the topology.
    public var timeScale: Double?
    /// What whoever diagnoses it is given.
    public var grants = Grants()
}
