import Foundation
import Synchronization

/// Does something again and again on a thread of its own.
final class Ticker: Sendable {
    private let isOver = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    init(every seconds: Double, _ body: @escaping @Sendable () -> Void) {
        Thread.detachNewThread { [self] in
            var next = Clock.now
            while !isOver.load(ordering: .relaxed) {
                body()
                // When it took too long, what was missed is left out.
                next = max(next + seconds, Clock.now)
                Clock.sleep(next - Clock.now)
            }
            ended.signal()
        }
    }

    /// Returns when the last time is over.
    func stop() {
        isOver.store(true, ordering: .relaxed)
        ended.wait()
    }
}
