internal import FerryEvidence

/// Every number that the model uses, with where it is from.
///
/// *Taxonomy*: follows from how the mechanism works. *Judgement*: chosen by the authors, who have seen what the lab's scenarios
/// make of it.
enum LikelihoodTable {
    /// How often a declared other source address is in truth translated to the failing one. Judgement.
    static let declaredAddressIsTheSame = 0.12

    /// What a connection that no fault acts on comes to. Taxonomy: a loss of 1 % of packets loses a request in a hundred.
    static let background: [ProbeOutcome: Double] = [
        .ok: 0.955, .lateConnect: 0.012, .synTimeout: 0.004, .slowLossy: 0.008, .slowShaped: 0.008,
        .midStall: 0.002, .connectSilence: 0.002, .midReset: 0.001, .connectReset: 0.001,
    ]
    /// The same for a transfer: light loss and waiting are ordinary there.
    static let bulkBackground: [ProbeOutcome: Double] = [
        .ok: 0.90, .slowLossy: 0.07, .slowShaped: 0.02, .lateConnect: 0.012, .synTimeout: 0.004, .midStall: 0.003,
        .midReset: 0.002, .connectSilence: 0.002,
    ]
    /// What remains for each outcome that is not expected: leak. Judgement.
    static let leak = 0.0015

    /// The probability that an ordinary fault is there at a given moment while it stands. The rest is intermittence.
    static let standing = 0.985
    /// The same of a block with a memory, a scaled minute after a failure.
    static let remembered = 0.93
    /// By how much that falls with every doubling of the silence, counted in scaled minutes.
    static let rememberedFall = 0.06
    /// The probability that a block acts again after a connection got through. Judgement.
    static let rememberedAfterSuccess = 0.35
    /// The probability that a connection within a scaled minute meets a limit of new connections that a burst has filled, and
    /// that one after a long silence still does. Such limits are told by the minute.
    static let rateLimited = 0.85
    static let rateLimitedAfterSilence = 0.08
    /// Up to which rate a transfer is slow: less than what any policer or shaper of a site's line is set to. Judgement.
    static let slow = 1.5e6
    /// The probability that a limit of concurrent connections is met while few or many are open, and if nobody knows.
    static let concurrencyWithFew = 0.05
    static let concurrencyWithMany = 0.95
    static let concurrencyUnknown = 0.5
    /// Established connections to the suspect from which on they are many. Judgement.
    static let many = 3

    /// The probability that a hash of the source port picks the bad member. Taxonomy: one in two to eight.
    static let badMember = 0.25
}
