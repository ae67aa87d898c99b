internal import FerryCore
internal import FerryTransport
internal import FerryWire
internal import NIOCore

/// What is under way for one job: its lanes, its volumes, its batches. Lives on the server's event loop.
final class JobSession {
    let job: JobID
    /// The run of the agent that the lanes belong to.
    let epoch: UInt64
    var lanes: [ObjectIdentifier: LaneSession] = [:]
    var volumes: [UInt16: Volume] = [:]
    /// Batches that own their regions: from the offer until all is written, whatever becomes of their lane. Those of an
    /// earlier run of the agent are among them until they are done.
    var live: [Batch] = []
    /// Offers that wait until a live batch with the same regions is done, and what waits before them.
    var blocked: [(batch: Batch, offer: Offer, lane: LaneSession)] = []
    /// Ends of passes that wait until no batch is live.
    var endings: [(end: EndPass, lane: LaneSession)] = []
    /// Batches of it that wait for a checkpoint, or are in the one under way.
    var undurableBatches = 0
    /// Ends of passes whose volumes are being read back, by disk.
    var readingBack: [UInt16: PassEnding] = [:]

    init(job: JobID, epoch: UInt64) {
        self.job = job
        self.epoch = epoch
    }

    /// The session of a later run of the agent, which has the job now.
    private(set) var successor: JobSession?

    /// Takes the job over from an earlier run of its agent.
    func succeed(_ former: JobSession) {
        live = former.live
        former.successor = self
    }

    /// Whether `batch` touches a region that a batch before it still works on.
    func isBlocked(_ batch: Batch) -> Bool {
        live.contains { $0.overlaps(batch) } || blocked.contains { $0.batch.overlaps(batch) }
    }

    /// Whether a lane of it was heard in the last ten seconds: agents say something every five.
    var isBusy: Bool {
        lanes.values.contains { $0.lane.channel.isActive && NIODeadline.now() - $0.lane.lastHeardAt < .seconds(10) }
    }

    /// A lane to answer on; the one asked on, or another if that has died.
    func answering(_ lane: LaneSession) -> LaneSession? {
        if lane.lane.channel.isActive { return lane }
        return lanes.values.first { $0.lane.channel.isActive }
    }
}
