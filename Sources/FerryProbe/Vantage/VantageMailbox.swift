internal import FerryEvidence
internal import Synchronization

/// Answers to one request, for the one who waits for them.
final class VantageMailbox: Sendable {
    private struct State {
        var answers: [VantageAnswer] = []
        var waiting: CheckedContinuation<VantageAnswer?, Never>?
        /// How often somebody has waited, and up to which of these times nobody waits any more.
        var turn = 0
        var expired = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    /// No request has more answers; others are not kept, so that a vantage cannot fill the memory with them.
    private static let most = 2

    /// An answer has come.
    func put(_ answer: VantageAnswer) {
        let waiting = state.withLock { state in
            guard let waiting = state.waiting else {
                if state.answers.count < VantageMailbox.most { state.answers.append(answer) }
                return nil as CheckedContinuation<VantageAnswer?, Never>?
            }
            state.waiting = nil
            return waiting
        }
        waiting?.resume(returning: answer)
    }

    /// No more will come.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: nil)
    }

    /// The next answer; nil if none comes in time, or none can any more, or whoever waits is cancelled.
    func next(within seconds: Double) async -> VantageAnswer? {
        let turn = state.withLock { state in
            state.turn += 1
            return state.turn
        }
        let expiry = Task {
            try? await Task.sleep(for: .seconds(seconds))
            expire(turn)
        }
        defer { expiry.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { wait($0, turn) }
        } onCancel: {
            expire(turn)
        }
    }

    private func wait(_ continuation: CheckedContinuation<VantageAnswer?, Never>, _ turn: Int) {
        let (answer, isOver) = state.withLock { state -> (VantageAnswer?, Bool) in
            if !state.answers.isEmpty { return (state.answers.removeFirst(), true) }
            // Whoever is cancelled may be so before it waits.
            if state.isClosed || state.expired >= turn { return (nil, true) }
            state.waiting = continuation
            return (nil, false)
        }
        if isOver { continuation.resume(returning: answer) }
    }

    private func expire(_ turn: Int) {
        let waiting = state.withLock { state in
            state.expired = max(state.expired, turn)
            guard state.turn == turn else { return nil as CheckedContinuation<VantageAnswer?, Never>? }
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: nil)
    }
}
