internal import FerryCore
internal import Synchronization

/// When it was last seen that the data directory can be written to: who asks often shall not make the server write
/// often. A failure is not remembered, so that its end is told at once.
final class WriteTrials: Sendable {
    /// For so long it is believed.
    private static let validity = Duration.seconds(1)

    private let succeededAt = Mutex<ContinuousClock.Instant?>(nil)

    /// What keeps from writing, by `trial` if it was not seen lately that nothing does.
    func trouble(_ trial: () -> FerryError?) -> FerryError? {
        let last = succeededAt.withLock { $0 }
        if let last, .now - last < WriteTrials.validity { return nil }
        let trouble = trial()
        if trouble == nil { succeededAt.withLock { $0 = .now } }
        return trouble
    }
}
