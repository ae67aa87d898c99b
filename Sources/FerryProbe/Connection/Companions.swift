internal import FerryAddress
internal import FerryEvidence
internal import Synchronization

/// Connections that stand beside the one that is recorded: opened before it, in order, and held until it is over.
final class Companions: Sendable {
    private struct State {
        var outcomes: [ProbeOutcome?]
        var requests = 0
    }

    private let plan: ProbePlan
    private let destination: IPEndpoint
    private let clock: ProbeClock
    private let stop: ProbeStop
    private let record: ProbeRecord
    private let state: Mutex<State>
    private let heard: [ProbeGate]
    private let release = ProbeGate()

    /// More would need more threads than a host should have to give.
    private static let most = 512

    init(
        _ plan: ProbePlan,
        _ destination: IPEndpoint,
        _ clock: ProbeClock,
        _ stop: ProbeStop,
        _ record: ProbeRecord,
        count: Int
    ) {
        // Each is plain: it connects, hears the service, and is held. Of the port that is bound to, there is but one.
        var plain = plan
        plain.payload = nil
        plain.idleSeconds = nil
        plain.sourcePort = nil
        self.plan = plain
        self.destination = destination
        self.clock = clock
        self.stop = stop
        self.record = record
        let count = min(count, Companions.most)
        state = Mutex(State(outcomes: Array(repeating: nil, count: count)))
        heard = (0..<count).map { _ in ProbeGate() }
    }

    /// Opens them, each when the request of the one before has gone out.
    func start() {
        for index in heard.indices {
            let started = ProbeGate()
            let isStarted = ProbeThread.start { [self] in
                let connection = ProbeConnection(plan, to: destination, clock: clock, stop: stop, record: record)
                let result = connection.run(
                    started: { started.open() },
                    heard: {
                        heard[index].open()
                        release.wait(atMost: plan.limitSeconds)
                    }
                )
                state.withLock {
                    $0.outcomes[index] = result.outcome
                    $0.requests += result.requests ?? 1
                }
                started.open()
                heard[index].open()
            }
            if isStarted { started.wait(atMost: 1) } else { heard[index].open() }
        }
    }

    /// Waits until each was heard, or has failed.
    func wait() {
        for gate in heard { gate.wait(atMost: plan.connectSeconds + plan.answerSeconds + 1) }
    }

    /// Lets them go, and waits until they are gone.
    func end() {
        release.open()
        for _ in 0..<200 where state.withLock({ $0.outcomes.contains { $0 == nil } }) { pause() }
    }

    /// What each came to; nil if there are none.
    var outcomes: [ProbeOutcome]? {
        heard.isEmpty ? nil : state.withLock { $0.outcomes.map { $0 ?? .notSent } }
    }

    /// Requests that they have sent.
    var requests: Int { state.withLock { $0.requests } }

    private func pause() { ProbeGate().wait(atMost: 0.01) }
}
