internal import Synchronization

/// Tells whom a vantage has refused and what: one line a second at the most, since strangers decide how often there is cause.
final class RefusalLog: Sendable {
    private struct State {
        var told: ContinuousClock.Instant?
        var untold = 0
    }

    private let state = Mutex(State())
    private let write: @Sendable (String) -> Void
    private static let pause = Duration.seconds(1)

    init(write: @escaping @Sendable (String) -> Void) { self.write = write }

    /// Tells how many were refused since the last line, if any were.
    func end() {
        let untold = state.withLock { state in
            defer { state.untold = 0 }
            return state.untold
        }
        if untold > 0 { write("ferry-agent: \(untold) more were refused since the last line") }
    }

    /// Tells `text`, unless a line was told just before; then it is counted.
    func tell(_ text: String, at now: ContinuousClock.Instant = .now) {
        let untold: Int? = state.withLock { state in
            if let told = state.told, now - told < RefusalLog.pause {
                state.untold += 1
                return nil
            }
            state.told = now
            defer { state.untold = 0 }
            return state.untold
        }
        guard let untold else { return }
        write("ferry-agent: \(text)" + (untold == 0 ? "" : " (\(untold) more were refused since the last line)"))
    }
}
