internal import FerryEvidence
internal import Synchronization

/// Answers to one request, for the one who waits for them.
final class VantageMailbox: Sendable {
    private struct State {
        var answers: [VantageAnswer] = []
        var waiting: CheckedContinuation<VantageAnswer?, Never>?
        var turn = 0
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

    /// The next answer; nil if none comes in time, or none can any more.
    func next(within seconds: Double) async -> VantageAnswer? {
        await withCheckedContinuation { continuation in
            let (answer, turn, isOver) = state.withLock { state -> (VantageAnswer?, Int, Bool) in
                if !state.answers.isEmpty { return (state.answers.removeFirst(), 0, true) }
                if state.isClosed { return (nil, 0, true) }
                state.turn += 1
                state.waiting = continuation
                return (nil, state.turn, false)
            }
            guard !isOver else { return continuation.resume(returning: answer) }
            Task {
                try? await Task.sleep(for: .seconds(seconds))
                expire(turn)
            }
        }
    }

    private func expire(_ turn: Int) {
        let waiting = state.withLock { state in
            guard state.turn == turn else { return nil as CheckedContinuation<VantageAnswer?, Never>? }
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: nil)
    }
}
