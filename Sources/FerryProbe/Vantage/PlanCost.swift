internal import FerryEvidence

extension ProbePlan {
    /// Connections that are requested, for a vantage's limit in a minute. A request of our own making goes out each second.
    var connects: Int {
        guard isHalfOpen == true else { return concurrency ?? 1 }
        return max(1, Int(min(connectSeconds, limitSeconds).rounded(.up)))
    }
}

extension LadderPlan {
    /// So many times 255 can be halved.
    private static let halvings = 8

    /// Connections that are requested, for a vantage's limit in a minute: one for each step, but for content where packets of
    /// our own making go out on one connection.
    func connects(canCapture: Bool) -> Int {
        if sends == .request { return most }
        return canCapture ? 1 : LadderPlan.halvings
    }
}
