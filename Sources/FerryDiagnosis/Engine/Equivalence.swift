internal import FerryEvidence

/// What cannot be told apart from here, and what would part it.
struct Equivalence {
    /// Remedies that stay possible, with the likeliest causes of each.
    let causes: [Cause]
    /// The probability of each.
    let shares: [Double]

    /// That of all of them together.
    var share: Double { shares.reduce(0, +) }

    /// The set of causes of which each has a real share, while none is sure; nil if one remedy leads clearly.
    /// - Parameter bar: from which share on a remedy is clear enough to be named alone.
    init?(_ belief: Belief, bar: Double) {
        let remedies = belief.shares(\.remedy)
        guard let first = remedies.first, first.key != .collectMoreEvidence || remedies.count > 1 else { return nil }
        // Not to be told means that more than one remedy has a share worth acting on.
        let open = remedies.filter {
            $0.share >= max(Equivalence.floor, first.share / 12) && $0.key != .collectMoreEvidence
        }
        guard first.share < bar, open.count >= 2 else { return nil }
        var causes: [Cause] = []
        var shares: [Double] = []
        for one in belief.shares({ $0.second == nil ? $0.cause : .unmodelled }) where one.key != .unmodelled {
            if causes.count >= 4 || (shares.reduce(0, +) >= 0.92 && causes.count >= 2) { break }
            if one.share < 0.015 { break }
            causes.append(one.key)
            shares.append(one.share)
        }
        guard causes.count >= 2 else { return nil }
        self.causes = causes
        self.shares = shares
    }

    /// From which share on a remedy is clear enough to be named alone. Judgement.
    static let clear = 0.72
    /// The same of what is said to be about the source address, where no other one could be tried. Judgement.
    static let clearUntried = 0.9
    /// Under which share a remedy is no longer open. Judgement.
    static let floor = 0.06
}
