internal import NIOCore

/// Notices that a job stands still although its connections live: nothing is read, sent, answered or read back.
///
/// Whatever the reason is, connecting anew offers everything that is not durable once more, and a person is told.
struct StallWatch {
    /// What moves when a job moves. Two that are equal, so long apart, are a standstill.
    struct Position: Equatable {
        var scanned = 0
        var packed = 0
        var answers = 0
    }

    private var position = Position()
    private var since: NIODeadline
    private var patience = StallWatch.firstPatience
    /// Longer than a busy storage takes for a checkpoint; doubled each time that connecting anew has not helped.
    static let firstPatience = TimeAmount.seconds(60)
    private static let longestPatience = TimeAmount.minutes(16)

    init(at now: NIODeadline) { since = now }

    /// Notes where the job is at `now`, and whether it waits for nobody but the staging server.
    /// - Returns: how long it has stood still, if that is too long; the watch begins anew then.
    mutating func note(_ position: Position, waitsForAnswer: Bool, at now: NIODeadline) -> TimeAmount? {
        if position != self.position {
            patience = StallWatch.firstPatience
            self.position = position
            since = now
        }
        guard waitsForAnswer else {
            since = now
            return nil
        }
        let elapsed = now - since
        guard elapsed >= patience else { return nil }
        since = now
        patience = min(patience * 2, StallWatch.longestPatience)
        return elapsed
    }
}
