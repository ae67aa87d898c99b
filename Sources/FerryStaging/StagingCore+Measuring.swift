internal import FerryCore
internal import FerryTransport
internal import FerryWire
internal import NIOCore

/// Lets an agent measure the way before it moves anything: counts, answers, and keeps nothing.
extension StagingCore {
    /// A lane that is not used for a job is closed after so long.
    private static let longestMeasuring = TimeAmount.seconds(30)

    func measure(_ measure: Measure, _ lane: LaneSession) throws {
        let now = NIODeadline.now()
        guard !lane.hasSaidHello, let version = WireVersion.common(with: measure.oldestVersion, measure.newestVersion)
        else { throw StagingCore.unexpected("a measurement on a lane that carries a job") }
        if lane.measured == nil { beginMeasuring(lane, now) }
        let bytes = measure.filler.readableBytes
        let sum = (lane.measured?.bytes ?? 0) + bytes
        guard sum <= Measure.mostFiller.int, measuring.take(bytes, for: lane.agent, at: now) else {
            throw StagingCore.measuredEnough(lane.agent)
        }
        lane.measured?.bytes = sum
        StagingCore.count(bytes, counters.bytesMeasured)
        let since = lane.measured?.since ?? now
        var answer = Measured(
            version: version,
            release: release,
            clock: .now(),
            observedAddress: lane.lane.peer,
            token: measure.token,
            bytes: UInt64(sum),
            microseconds: UInt64((now - since).nanoseconds / 1000),
            owner: .notAsked
        )
        guard !measure.job.isEmpty else { return lane.lane.send(.measured(answer)) }
        let job = try JobID(measure.job)
        let store = store
        onIndexer({ try store.owner(of: job) }, failing: lane) { owner in
            answer.owner = owner.map { $0 == lane.agent.name ? .thisAgent : .anotherAgent } ?? .nobody
            lane.lane.send(.measured(answer))
        }
    }

    private func beginMeasuring(_ lane: LaneSession, _ now: NIODeadline) {
        lane.measured = (now, 0)
        lane.lane.phase = .transfer
        let bound = NIOLoopBound(lane, eventLoop: eventLoop)
        eventLoop.scheduleTask(in: StagingCore.longestMeasuring) {
            if !bound.value.hasSaidHello { bound.value.lane.close() }
        }
    }

    private static func measuredEnough(_ agent: AgentName) -> FerryError {
        FerryError(
            .measuredEnough,
            operation: "measure",
            subject: "the way of agent \(agent)",
            cause: "it has measured as much as one may in a minute",
            advice: "Wait a minute.",
            retry: .later
        )
    }
}
