/// Why an experiment is made: a word with what it is about, for whoever says it in another language, and a clause in English.
public struct Reason: Sendable, Equatable {
    /// `hosts`, `baseline`, `second-look`, `wider-look`, `rate-look`, `ladder-look`, `parts`, `confirmation` or `noted`.
    public let kind: String
    /// For `parts`, what is to be told apart and how likely each was held to be in percent, by turns: causes that are there
    /// at the same time have `+` between them.
    public let arguments: [String]
    /// A clause that goes on after "because".
    public let text: String
    /// Causes that it would speak against if the connection goes well, the likeliest first.
    public var againstIfWell: [String] = []
    /// Causes that it would speak against if it does not.
    public var againstIfNot: [String] = []

    /// What hosts tell of themselves touches nobody.
    public static let hosts = Reason(kind: "hosts", arguments: [], text: "hosts tell of themselves for nothing")
    /// Nothing is compared before the fault was seen.
    public static let baseline = Reason(
        kind: "baseline",
        arguments: [],
        text: "what fails has to be seen failing before anything is compared with it"
    )
    /// A fault of all is not concluded from one silent connection.
    public static let secondLook = Reason(
        kind: "second-look",
        arguments: [],
        text:
            "one silent connection may have met one bad member of several; a fault of all shows from the next port, too"
    )
    /// A limit of the way to all is not concluded before another destination was looked at.
    public static let widerLook = Reason(
        kind: "wider-look",
        arguments: [],
        text:
            "what the carrier does to all shows towards another destination, too; what is done to one address does not"
    )
    /// Whoever is to send more slowly wants to know how slowly.
    public static let rateLook = Reason(
        kind: "rate-look",
        arguments: [],
        text: "what such a limit lets pass shows below it, and at that rate the move may go on"
    )
    /// Whoever is to find what speaks on the way wants to know where to look.
    public static let ladderLook = Reason(
        kind: "ladder-look",
        arguments: [],
        text: "something on the way speaks, and who is at its distance shows on the way to what works beside it"
    )
    /// What had failed is tried once more.
    public static let confirmation = Reason(kind: "confirmation", arguments: [], text: "it is what the remedy is for")
    /// It is on record, and nobody knows any more why it was made.
    public static let noted = Reason(kind: "noted", arguments: [], text: "it was noted")

    /// It is expected to tell most about which of these it is.
    /// - Parameter leaders: causes, those at the same time with `+` between them, and their probabilities from 0 to 1.
    public static func parts(_ leaders: [(causes: String, share: Double)]) -> Reason {
        let shown = leaders.map { ($0.causes, Int((min(1, max(0, $0.share)) * 100).rounded())) }
        return Reason(
            kind: "parts",
            arguments: shown.flatMap { [$0.0, "\($0.1)"] },
            text: "it is expected to tell most about which of these it is: "
                + shown.map { "\($0.0) \($0.1) %" }.joined(separator: ", ")
        )
    }
}
