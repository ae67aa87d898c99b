internal import Synchronization

/// What a staging server has done since it started, for /metrics.
final class StagingCounters: Sendable {
    let lanesAccepted = Atomic<Int>(0)
    let lanesRefused = Atomic<Int>(0)
    let bytesReceived = Atomic<Int>(0)
    let chunkBytesWritten = Atomic<Int>(0)
    let chunkBytesInPlace = Atomic<Int>(0)
    let chunkBytesCopied = Atomic<Int>(0)
    let regionsOutOfStep = Atomic<Int>(0)
    let regionsRepaired = Atomic<Int>(0)
    let bytesMeasured = Atomic<Int>(0)
    let checkpoints = Atomic<Int>(0)
    let generations = Atomic<Int>(0)

    /// Adds to a counter.
    static func add(_ amount: Int, to counter: borrowing Atomic<Int>) {
        counter.add(amount, ordering: .relaxed)
    }
}
