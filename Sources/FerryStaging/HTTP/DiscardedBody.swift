internal import FerryCore
internal import NIOCore

/// A body that is counted and thrown away as it comes, so that a probe can measure the way with content.
final class DiscardedBody {
    /// As the client has declared it.
    let length: Int
    /// It has to be there by then, however steadily it comes.
    let deadline: NIODeadline
    private(set) var received = 0
    private let core: StagingCore
    private var hasEnded = false

    /// A body of `length` bytes that may come for as long as `patience`.
    /// - Throws: `FerryError` with `measuredEnough` if it is not taken now.
    init(length: Int, core: StagingCore, patience: TimeAmount) throws(FerryError) {
        let now = NIODeadline.now()
        try core.discarding.begin(length, at: now)
        self.length = length
        self.core = core
        deadline = now + patience
    }

    /// Counts a piece of it.
    func discard(_ count: Int) {
        received += count
        StagingCore.count(count, core.counters.bytesMeasured)
    }

    /// It is there, or no more of it comes. Has to be called however the connection ends, else its place stays taken.
    func end() {
        guard !hasEnded else { return }
        hasEnded = true
        core.discarding.end(missing: length - received)
    }
}
