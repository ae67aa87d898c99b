/// How the checkpoints of a data directory went since the server started.
struct CheckpointHistory: Sendable {
    /// When the last one was made; nil if none was.
    private(set) var last: ContinuousClock.Instant?
    /// How many failed.
    private(set) var failures = 0
    /// How many failed since the last that did not.
    private(set) var failuresInARow = 0

    /// Notes that one has ended now.
    mutating func note(succeeded: Bool) {
        if succeeded {
            last = .now
            failuresInARow = 0
        } else {
            failures += 1
            failuresInARow += 1
        }
    }
}
