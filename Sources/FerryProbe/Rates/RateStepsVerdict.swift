internal import FerryEvidence

/// What several rates, one after another, say about the path.
public struct RateStepsVerdict: Sendable, Equatable {
    /// What keeps more from arriving.
    public enum Limit: String, Sendable, CaseIterable {
        /// Nothing, at the rates that were offered.
        case none
        /// The connection was ended, or never stood.
        case ended
        /// A queue fills: the slowest line of the path, or a shaper.
        case queue
        /// Packets are dropped though no queue stood before: a policer.
        case drops
        /// Packets are dropped at lower rates as well: they are lost whatever the rate.
        case loss
        /// The receiver takes no more.
        case receiver
        /// Neither a queue nor loss: this host, or a window.
        case unknown
    }

    /// What it is.
    public var limit: Limit
    /// The fastest step of which what was offered arrived; nil if there was none.
    public var kept: RateStep?
    /// The step that was ended, or the first beyond `kept`, of which not all arrived.
    public var broken: RateStep?
    /// The step from which on all arrived later than it would unloaded, up to `kept`.
    public var delayed: RateStep?

    /// Less than this is lost on any long path and slows nothing much.
    private static let leastLoss = 0.001
    /// A connection that waits for the receiver for so much of its time is limited by it.
    private static let receiverShare = 0.3

    /// What `steps` say, in the order in which they were made.
    public init(_ steps: [RateStep]) {
        // A slow step below a fast one of which all arrived was slow for a reason that passed.
        let following = steps.prefix((steps.lastIndex { $0.isKept } ?? -1) + 1)
        kept = following.last
        delayed = following.reversed().prefix { $0.queueSeconds != nil }.last
        // Where one does not follow and a later one is ended, the end is what matters.
        broken = steps.first { !$0.outcome.worked } ?? steps.dropFirst(following.count).first
        limit = RateStepsVerdict.limit(of: broken, after: Array(following))
    }

    private static func limit(of broken: RateStep?, after following: [RateStep]) -> Limit {
        guard let broken else { return .none }
        guard broken.outcome.worked else { return .ended }
        if broken.queueSeconds != nil { return .queue }
        let lost = broken.retransmittedShare ?? 0
        if lost >= leastLoss {
            let before = following.compactMap(\.retransmittedShare).max() ?? 0
            return before >= max(leastLoss, lost / 2) ? .loss : .drops
        }
        return (broken.receiverLimitedShare ?? 0) >= receiverShare ? .receiver : .unknown
    }
}
