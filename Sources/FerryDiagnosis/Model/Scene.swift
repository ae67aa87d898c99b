/// What is known of the situation as a whole, which predictions depend on.
public struct Scene: Sendable {
    /// What the lab multiplies waits by; 1 in the world.
    public var timeScale = 1.0
    /// Whether many connections to the suspect stand at the failing vantage; nil if nobody knows.
    public var hasManyConnections: Bool?
    /// How many connections there were with the one that has failed, when others stood; nil if nobody knows.
    public var failingConcurrency: Int?
    /// Bits per second that the slowest transfer came to that was given as much as went; nil if none was slow.
    public var limitedRate: Double?
    /// Ends, as `HOST:PORT`, that have answered a transfer before they had enough of it to tell of loss and rates.
    public var takesLittle: Set<String> = []
    /// Ends beside the suspect's own that have worked, wherever they were called from.
    public var workingEnds: Set<Contact.End> = []
    /// Those that have failed.
    public var failingEnds: Set<Contact.End> = []
    /// The shortest silence after which a connection has failed.
    public var failingIdle: Double?
    /// The least bytes at which a transfer has failed.
    public var failingBytes: Int?
    /// The least age in seconds at which a connection has failed.
    public var failingAge: Double?
    /// When the suspect's key last failed, in seconds of the diagnosis' clock (negative: before it began).
    public var lastFailure: Double?
    /// Whether a connection of the suspect's key has worked since.
    public var hasRecovered = false
    /// How long, in seconds, the suspect's key had been left alone before the contact that is being judged.
    public var silence = 0.0

    /// Nothing known.
    public init() {}

    /// Whether all that is known of `end` is that it does not work.
    func hasOnlyFailed(_ end: Contact.End) -> Bool { failingEnds.contains(end) && !workingEnds.contains(end) }

    /// The probability that nothing answers where `contact` goes, though the operator has declared that something does.
    func absence(of contact: Contact) -> Double {
        // That something is wrong with the suspect is what everything else is about.
        guard !contact.isSuspectKey, !contact.isPast, !workingEnds.contains(contact.end) else { return 0 }
        let hasFailed = failingEnds.contains(contact.end)
        return hasFailed ? LikelihoodTable.Declared.hasOnlyFailed : LikelihoodTable.Declared.untried
    }

    /// A minute of the diagnosis' waits in seconds.
    public var minute: Double { 60 * timeScale }
}
