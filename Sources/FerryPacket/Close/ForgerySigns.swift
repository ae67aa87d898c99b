/// Signs that a flow was not ended by whom the packet names. The first four are the tests of Weaver, Sommer and Paxson,
/// "Detecting Forged TCP Reset Packets" (2009).
public struct ForgerySigns: OptionSet, Sendable {
    /// One bit for each.
    public var rawValue: UInt16

    /// The signs with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// A RST is behind data that its sender had sent before (RST_SEQ_DATA).
    public static let resetBehindData = ForgerySigns(rawValue: 1 << 0)
    /// Data at or beyond a RST came from its sender after it (DATA_SEQ_RST).
    public static let dataAfterReset = ForgerySigns(rawValue: 1 << 1)
    /// Several RSTs guess at the sequence number (RST_SEQ_CHANGE).
    public static let sequenceGuesses = ForgerySigns(rawValue: 1 << 2)
    /// Several RSTs differ in what they acknowledge, and one acknowledges what was never sent (RST_ACK_CHANGE).
    public static let acknowledgementGuesses = ForgerySigns(rawValue: 1 << 3)
    /// A SYN was refused by a RST and then answered.
    public static let answerAfterReset = ForgerySigns(rawValue: 1 << 4)
    /// A SYN was answered twice, with different sequence numbers.
    public static let secondAnswer = ForgerySigns(rawValue: 1 << 5)
    /// Who sent a RST went on without one.
    public static let speaksAfterReset = ForgerySigns(rawValue: 1 << 6)
    /// New data came from who had sent a FIN.
    public static let dataAfterFIN = ForgerySigns(rawValue: 1 << 7)
    /// A RST or FIN has a time to live that no other packet of its sender has.
    public static let timeToLive = ForgerySigns(rawValue: 1 << 8)
    /// A RST or FIN has an identification that does not go on with its sender's.
    public static let identification = ForgerySigns(rawValue: 1 << 9)
    /// The answer to a SYN came much sooner than those of other connections to the same address.
    public static let tooSoon = ForgerySigns(rawValue: 1 << 10)

    /// No host does this by itself, whatever the network does to its packets.
    static let hard: ForgerySigns = [
        .dataAfterReset, .sequenceGuesses, .acknowledgementGuesses, .answerAfterReset, .speaksAfterReset,
        .dataAfterFIN, .tooSoon,
    ]

    private static let all: [(ForgerySigns, String)] = [
        (.resetBehindData, "resetBehindData"), (.dataAfterReset, "dataAfterReset"),
        (.sequenceGuesses, "sequenceGuesses"), (.acknowledgementGuesses, "acknowledgementGuesses"),
        (.answerAfterReset, "answerAfterReset"), (.secondAnswer, "secondAnswer"),
        (.speaksAfterReset, "speaksAfterReset"), (.dataAfterFIN, "dataAfterFIN"), (.timeToLive, "timeToLive"),
        (.identification, "identification"), (.tooSoon, "tooSoon"),
    ]

    /// The names of the signs in JSON, in a fixed order.
    public var names: [String] { ForgerySigns.all.filter { contains($0.0) }.map(\.1) }

    /// What the signs say together.
    public var verdict: ForgeryVerdict {
        if !isDisjoint(with: ForgerySigns.hard) { return .likely }
        return isEmpty ? .unsuspicious : .possible
    }
}

/// Whether a flow was ended by somebody else than the packet names, as far as one capture can tell. Only a capture at the
/// other end proves it.
public enum ForgeryVerdict: String, Sendable {
    /// Nothing speaks for it.
    case unsuspicious
    /// A load balancer or a firewall that speaks for its host looks the same.
    case possible
    /// No host behaves so.
    case likely
}
