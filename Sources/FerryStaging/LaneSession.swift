internal import FerryCore
internal import FerryTransport
internal import FerryWire
internal import NIOCore

/// One lane of an agent, as the staging server sees it. Lives on the server's event loop.
final class LaneSession {
    let lane: Lane
    let agent: AgentName
    /// The lane's number in its run of the agent.
    var number: UInt32 = 0
    /// When the lane was first used to measure the way, and how many bytes have come for it.
    var measured: (since: NIODeadline, bytes: Int)?
    /// Whether a hello came, answered or not: there is one on a lane.
    var hasSaidHello = false
    /// The lane's job, once its hello was accepted.
    var session: JobSession?
    /// Batches offered on this lane that are not durable, oldest first.
    var batches = CircularBuffer<Batch>()
    /// Bytes of offers and parts that wait for a worker, and the like.
    private var queuedBytes = 0
    private var isReading = true
    /// Whether the agent was told that the lane ends: nothing is promised on it any more.
    private(set) var isRefused = false

    /// So many bytes may wait before the lane is told, by not reading, to slow down.
    private static let mostQueuedBytes = 16 << 20

    init(lane: Lane, agent: AgentName) {
        self.lane = lane
        self.agent = agent
    }

    /// Whether the lane is read from, so that its silence is the agent's and not ours.
    var isHeard: Bool { isReading }

    /// Notes that `bytes` bytes wait for this server's work, or (negative) no longer do.
    func queue(_ bytes: Int) {
        queuedBytes += bytes
        let mayRead = queuedBytes <= (isReading ? LaneSession.mostQueuedBytes : LaneSession.mostQueuedBytes / 2)
        guard mayRead != isReading else { return }
        isReading = mayRead
        lane.channel.setOption(.autoRead, value: mayRead).whenFailure { _ in }
    }

    /// Sends word of every batch that has become durable since the last time.
    func acknowledgeDurable() {
        guard !isRefused, lane.isUsable else { return }
        var last: UInt64?
        while let batch = batches.first, batch.isDurable { last = batches.removeFirst().number }
        if let last { lane.send(.durable(batch: last)) }
    }

    /// Tells the agent why the lane cannot go on, and closes it.
    func refuse(_ error: FerryError) {
        isRefused = true
        lane.send(.refuse(Refusal(error)))
        lane.close(error)
    }
}
