internal import Glibc
internal import Synchronization

/// The rows of a ladder as they come; between them, how long it has been going on.
final class LadderProgress: Sendable {
    private struct State {
        let line = ProgressLine()
        var told = ContinuousClock.now
        var isOver = false
    }

    private let state = Mutex(State())
    private let began = ContinuousClock.now
    /// Rows that come one after another are progress enough.
    private static let patience = Duration.seconds(1)

    /// Prints `text` as a line of its own; may be called from any thread.
    func row(_ text: String) {
        state.withLock { state in
            // On a terminal, both are written to the same line.
            state.line.end()
            print(text)
            fflush(nil)
            state.told = .now
        }
    }

    /// Tells of `what` while no rows come, until `end()`.
    func begin(_ what: String) {
        Task { [self] in
            while wait(what) { try? await Task.sleep(for: .milliseconds(200)) }
        }
    }

    /// Tells no more.
    func end() {
        state.withLock { state in
            state.line.end()
            state.isOver = true
        }
    }

    /// Whether it goes on.
    private func wait(_ what: String) -> Bool {
        let now = ContinuousClock.now
        let seconds = (now - began).components.seconds
        return state.withLock { state in
            guard !state.isOver else { return false }
            if now - state.told >= LadderProgress.patience { state.line.show("\(what): \(seconds) s") }
            return true
        }
    }
}
