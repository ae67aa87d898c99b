/// What a diagnosis answers: the JSON of `ferry.diagnosis/1`.
///
/// The vocabulary is kept as words, so that a reader shows also what a later version has answered. Whoever reads it has to bear
/// that anything but the verdict is missing.
public struct DiagnosisDocument: Codable, Sendable, Equatable {
    /// The only value of `schema` so far.
    public static let schema = "ferry.diagnosis/1"

    /// Which version of it this is.
    public var schema: String
    /// When the diagnosis began, RFC 3339 in UTC.
    public var startedAt: String?
    /// When it ended.
    public var endedAt: String?
    /// What could be looked at: 0 unprivileged, 1 with capture at the source, 2 with a vantage on the staging side, 3 with provider
    /// records.
    public var tier: Int
    /// True if somebody ended it before it was sure; nil else.
    public var interrupted: Bool?
    /// The version of the set of hypotheses that were weighed.
    public var hypothesisSet: String?
    /// The answer.
    public var verdict: Verdict
    /// What it may be instead, the likeliest first.
    public var alternatives: [Alternative]
    /// Sets of causes that cannot be told apart from here.
    public var indistinguishable: [IndistinguishableSet]
    /// Causes that nothing has spoken for or against.
    public var untestedRivals: [UntestedRival]
    /// What speaks for and against.
    public var evidence: [Evidence]
    /// Comparisons that were made, or were to be made.
    public var experiments: [Experiment]
    /// Every probe that was made.
    public var probes: [Probe]
    /// Every ladder that was climbed.
    public var ladders: [LadderRecord]
    /// What the way lets pass, where a limit of the rate was found.
    public var rate: Rate?
    /// What it has cost.
    public var cost: Cost?
    /// What to send to whoever has to act.
    public var ticket: Ticket?

    /// An answer with nothing beside the verdict yet.
    public init(tier: Int, verdict: Verdict) {
        schema = DiagnosisDocument.schema
        self.tier = tier
        self.verdict = verdict
        alternatives = []
        indistinguishable = []
        untestedRivals = []
        evidence = []
        experiments = []
        probes = []
        ladders = []
    }

    /// Reads it; lists that are missing are empty.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        schema = try members.decode(String.self, forKey: .schema)
        startedAt = try members.decodeIfPresent(String.self, forKey: .startedAt)
        endedAt = try members.decodeIfPresent(String.self, forKey: .endedAt)
        tier = try members.decodeIfPresent(Int.self, forKey: .tier) ?? 0
        interrupted = try members.decodeIfPresent(Bool.self, forKey: .interrupted)
        hypothesisSet = try members.decodeIfPresent(String.self, forKey: .hypothesisSet)
        verdict = try members.decode(Verdict.self, forKey: .verdict)
        alternatives = try members.decodeIfPresent([Alternative].self, forKey: .alternatives) ?? []
        indistinguishable = try members.decodeIfPresent([IndistinguishableSet].self, forKey: .indistinguishable) ?? []
        untestedRivals = try members.decodeIfPresent([UntestedRival].self, forKey: .untestedRivals) ?? []
        evidence = try members.decodeIfPresent([Evidence].self, forKey: .evidence) ?? []
        experiments = try members.decodeIfPresent([Experiment].self, forKey: .experiments) ?? []
        probes = try members.decodeIfPresent([Probe].self, forKey: .probes) ?? []
        ladders = try members.decodeIfPresent([LadderRecord].self, forKey: .ladders) ?? []
        rate = try members.decodeIfPresent(Rate.self, forKey: .rate)
        cost = try members.decodeIfPresent(Cost.self, forKey: .cost)
        ticket = try members.decodeIfPresent(Ticket.self, forKey: .ticket)
    }
}

extension DiagnosisDocument {
    /// How sure it is.
    public enum Level: String, Codable, Sendable, CaseIterable {
        /// The remedy was tried, and it helped.
        case confirmed
        /// At least 0.95, with no rival.
        case veryLikely = "very-likely"
        /// The best of several.
        case likely
        /// Two or more that nothing granted can part.
        case indistinguishable
        /// Nothing can be said.
        case noVerdict = "no-verdict"
    }

    /// The answer.
    public struct Verdict: Codable, Sendable, Equatable {
        /// How sure it is.
        public var level: Level
        /// What it is, as `anti-abuse-block`; several for several at once, or for what cannot be told apart.
        public var causes: [String]
        /// Where, as `cloud-edge`.
        public var loci: [String]
        /// How it acts, as `reset`.
        public var mechanism: String
        /// Which packets it acts on, as `source-address`; empty for all on the path.
        public var selector: [String]
        /// What has armed it, as `connection-rate`.
        public var trigger: String
        /// What keeps it.
        public var memory: Memory
        /// What somebody must do, as `ask-cloud-to-allowlist`.
        public var remedy: String
        /// Who, as `cloud`.
        public var remedyOwner: String?
        /// From 0 to 1.
        public var confidence: Double

        /// A verdict with all its parts.
        public init(
            level: Level,
            causes: [String],
            loci: [String],
            mechanism: String,
            selector: [String],
            trigger: String,
            memory: Memory,
            remedy: String,
            remedyOwner: String?,
            confidence: Double
        ) {
            self.level = level
            self.causes = causes
            self.loci = loci
            self.mechanism = mechanism
            self.selector = selector
            self.trigger = trigger
            self.memory = memory
            self.remedy = remedy
            self.remedyOwner = remedyOwner
            self.confidence = confidence
        }
    }

    /// What keeps a fault, and for how long.
    public struct Memory: Codable, Sendable, Equatable {
        /// `none`, `fixed`, `renewed-by-hits`, `until-lifted` or `unknown`.
        public var kind: String
        /// From and to, where it was measured.
        public var seconds: [Double]?

        /// Whether what is kept goes by itself after some time.
        public var isPassing: Bool { kind == "fixed" || kind == "renewed-by-hits" }

        /// A memory.
        public init(kind: String, seconds: [Double]? = nil) {
            self.kind = kind
            self.seconds = seconds
        }
    }

    /// What it may be instead.
    public struct Alternative: Codable, Sendable, Equatable {
        /// What.
        public var causes: [String]
        /// What would have to be done.
        public var remedy: String?
        /// From 0 to 1.
        public var probability: Double

        /// An alternative.
        public init(causes: [String], remedy: String?, probability: Double) {
            self.causes = causes
            self.remedy = remedy
            self.probability = probability
        }
    }

    /// Causes that cannot be told apart from here.
    public struct IndistinguishableSet: Codable, Sendable, Equatable {
        /// Which.
        public var causes: [String]
        /// The probability of each, in the same order.
        public var probabilities: [Double]?
        /// What would have to be done for each, in the same order.
        public var remedies: [String]?
        /// What would part them.
        public var separatedBy: String?

        /// A set.
        public init(causes: [String], separatedBy: String?) {
            self.causes = causes
            self.separatedBy = separatedBy
        }
    }

    /// A cause that nothing has spoken for or against.
    public struct UntestedRival: Codable, Sendable, Equatable {
        /// Which.
        public var cause: String
        /// Why it was not tested.
        public var why: String?

        /// A rival.
        public init(cause: String, why: String?) {
            self.cause = cause
            self.why = why
        }
    }

    /// Something that speaks for or against causes.
    public struct Evidence: Codable, Sendable, Equatable {
        /// Its name, as `e3`.
        public var id: String
        /// What it says, as a sentence in English.
        public var says: String
        /// What kind it is, as `contrast`: with `arguments` it can be said in another language.
        public var kind: String?
        /// What the sentence is about, in an order that the kind gives.
        public var arguments: [String]?
        /// Causes that it speaks for.
        public var `for`: [String]
        /// Causes that it speaks against.
        public var against: [String]
        /// The record that it rests on, as `p17`.
        public var record: String?

        /// A sentence that nothing is known of but what it says.
        public init(id: String, says: String) {
            self.id = id
            self.says = says
            self.for = []
            against = []
        }

        /// Reads it; lists that are missing are empty.
        public init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            id = try members.decode(String.self, forKey: .id)
            says = try members.decode(String.self, forKey: .says)
            kind = try members.decodeIfPresent(String.self, forKey: .kind)
            arguments = try members.decodeIfPresent([String].self, forKey: .arguments)
            `for` = try members.decodeIfPresent([String].self, forKey: .for) ?? []
            against = try members.decodeIfPresent([String].self, forKey: .against) ?? []
            record = try members.decodeIfPresent(String.self, forKey: .record)
        }
    }

    /// A comparison in which one factor was changed.
    public struct Experiment: Codable, Sendable, Equatable {
        /// Which of the catalogue, as `E04`.
        public var id: String
        /// The probes that are compared, in the order of `outcome`.
        public var pair: [String]
        /// The factor that was changed, as `destination-port`.
        public var changed: String?
        /// Whether the controls agreed, so that the comparison counts; nil if it had none.
        public var held: Bool?
        /// Whether it does not count because the service itself may have ended the connection; nil if that is not so.
        public var isLeftOpen: Bool?
        /// Why it was made, or why it was not or does not count.
        public var why: String?
        /// Why as a word, as `parts`: with `whyArguments` it can be said in another language.
        public var whyKind: String?
        /// What that is about, in an order that the word gives.
        public var whyArguments: [String]?
        /// What the probes came to, as `CONNECT_RST`.
        public var outcome: [String]
        /// What was believed afterwards, the likeliest first.
        public var posterior: [Belief]?

        /// A comparison that nothing has come of yet.
        public init(id: String, pair: [String], changed: String?) {
            self.id = id
            self.pair = pair
            self.changed = changed
            outcome = []
        }

        /// Reads it; lists that are missing are empty.
        public init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            id = try members.decode(String.self, forKey: .id)
            pair = try members.decodeIfPresent([String].self, forKey: .pair) ?? []
            changed = try members.decodeIfPresent(String.self, forKey: .changed)
            held = try members.decodeIfPresent(Bool.self, forKey: .held)
            isLeftOpen = try members.decodeIfPresent(Bool.self, forKey: .isLeftOpen)
            why = try members.decodeIfPresent(String.self, forKey: .why)
            whyKind = try members.decodeIfPresent(String.self, forKey: .whyKind)
            whyArguments = try members.decodeIfPresent([String].self, forKey: .whyArguments)
            outcome = try members.decodeIfPresent([String].self, forKey: .outcome) ?? []
            posterior = try members.decodeIfPresent([Belief].self, forKey: .posterior)
        }
    }

    /// How likely something was held to be.
    public struct Belief: Codable, Sendable, Equatable {
        /// What.
        public var causes: [String]
        /// From 0 to 1.
        public var probability: Double

        /// A belief.
        public init(causes: [String], probability: Double) {
            self.causes = causes
            self.probability = probability
        }
    }

    /// A probe under its name. In JSON the record's members stand beside `id`.
    public struct Probe: Codable, Sendable, Equatable {
        /// Its name, as `p3`.
        public var id: String
        /// All that it has seen; nil where only the name was kept.
        public var record: ProbeRecord?

        private enum CodingKeys: String, CodingKey { case id, plan }

        /// A probe under the name of its plan.
        public init(_ record: ProbeRecord) {
            id = record.plan.id
            self.record = record
        }

        /// Reads it.
        public init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            id = try members.decode(String.self, forKey: .id)
            record = members.contains(.plan) ? try ProbeRecord(from: decoder) : nil
        }

        /// Writes it.
        public func encode(to encoder: any Encoder) throws {
            var members = encoder.container(keyedBy: CodingKeys.self)
            try members.encode(id, forKey: .id)
            try record?.encode(to: encoder)
        }
    }

    /// What came through of transfers by the way that is slow.
    public struct Rate: Codable, Sendable, Equatable {
        /// Of one that was sent as fast as it went, in bits per second.
        public var unpacedBitsPerSecond: Double
        /// The highest at which one was sent that lost next to nothing and was not slowed down; nil if none was.
        public var passesBitsPerSecond: Double?

        /// What came through.
        public init(unpacedBitsPerSecond: Double, passesBitsPerSecond: Double?) {
            self.unpacedBitsPerSecond = unpacedBitsPerSecond
            self.passesBitsPerSecond = passesBitsPerSecond
        }
    }

    /// What a diagnosis has cost.
    public struct Cost: Codable, Sendable, Equatable {
        /// Connections to the suspect from the failing vantage.
        public var suspectConnects: Int
        /// Seconds that it took.
        public var seconds: Double
        /// Bytes that it sent and received.
        public var bytes: Int

        /// A cost.
        public init(suspectConnects: Int, seconds: Double, bytes: Int) {
            self.suspectConnects = suspectConnects
            self.seconds = seconds
            self.bytes = bytes
        }
    }

    /// What to send to whoever has to act.
    public struct Ticket: Codable, Sendable, Equatable {
        /// Who: a remedy's owner, as `cloud`.
        public var to: String
        /// The text, in English.
        public var text: String
        /// The hosts at which the suspect's port failed, the suspect's own first, where a block acts on all of them and not on
        /// the suspect alone; else nil.
        public var failedHosts: [String]?
        /// That whoever gets it never sees the addresses that are known of the source; else nil.
        public var hidesSource: Bool?
        /// That all that was tried works; else nil.
        public var harmsNothing: Bool?
        /// That what failed was tried again, and worked the last time; else nil.
        public var worksAgain: Bool?
        /// That nothing listens on the staging server, beside what the verdict says; else nil.
        public var lacksService: Bool?

        /// A ticket.
        public init(to: String, text: String) {
            self.to = to
            self.text = text
        }
    }
}
