public import FerryEvidence

/// A line of an incident's records: what was there before, or what an experiment gave. Everything that the engine was told, in
/// the order in which it was told, so that the same verdict comes of it again.
public struct IncidentEntry: Codable, Sendable {
    /// Seconds since the diagnosis began.
    public var at: Double
    /// When it began, RFC 3339: of the first entry.
    public var startedAt: String?
    /// The tier: of the first entry.
    public var tier: Int?
    /// The time scale: of the first entry.
    public var timeScale: Double?
    /// The version of the set of hypotheses: of the first entry.
    public var hypothesisSet: String?
    /// The site: of the first entry.
    public var site: Site?
    /// Whether the site's only vantage was the diagnosis itself, which has another socket each time: of the first entry.
    public var looksFromItself: Bool?
    /// The mover's event log.
    public var history: String?
    /// The provider's records.
    public var provider: ProviderRecords?
    /// The uplink's monitor, as CSV.
    public var uplink: String?
    /// Seconds that vantages' clocks are ahead of the diagnosis' own, of those that are wrong.
    public var clocks: [String: Double]?
    /// Where the suspect's name led when the diagnosis began: of the first entry. By it others know whom it asks.
    public var suspectAddresses: [String]?
    /// Where all names of the site led then: of the first entry.
    public var names: [String: [String]]?
    /// Vantages that could not be asked from then on: of the first entry, and of those by which there are more.
    public var unreachable: [String]?
    /// When something had been done last, of an entry by which an interrupted diagnosis goes on.
    public var goesOnFrom: Double?
    /// How many lines before it could not be read: of an entry by which an interrupted diagnosis goes on.
    public var unreadableBefore: Int?
    /// Connections that other diagnoses have made to the same suspect, before the entry and not told of in an earlier one.
    public var earlier: [EarlierConnection]?
    /// Connections to the suspect in captures of what failed by itself.
    public var captured: [CapturedConnection]?
    /// Captures that could not be read to their end, and where each stopped.
    public var cutCaptures: [String]?
    /// A connection that is about to be made: noted before, so that it counts even if nothing comes of it.
    public var asks: ProbePlan?
    /// When the connection in question had ended, in seconds since the diagnosis began.
    public var endedAt: Double?
    /// The experiment that was chosen.
    public var experiment: String?
    /// Which one of the catalogue it is.
    public var signature: String?
    /// Records of it, in the order: before, the one in question, after.
    public var probes: [ProbeRecord]?
    /// Which of `probes` is the one in question; nil if there is none.
    public var question: Int?
    /// What was seen by who watched.
    public var watches: [WatchRecord]?
    /// Hosts before.
    public var hostsBefore: [HostRecord]?
    /// Hosts afterwards.
    public var hostsAfter: [HostRecord]?
    /// Who answers on the way to a control, at most one of them.
    public var ladders: [LadderRecord]?

    /// An entry with nothing in it.
    public init(at: Double) { self.at = at }
}
