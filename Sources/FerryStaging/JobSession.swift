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
    /// Batches that own their regions: from the offer until all is written, whatever becomes of their lane.
    var live: [Batch] = []
    /// Offers that wait until a live batch with the same regions is done.
    var blocked: [(offer: Offer, lane: LaneSession)] = []
    /// Ends of passes that wait until no batch is live.
    var endings: [(end: EndPass, lane: LaneSession)] = []
    /// Disks that are being read back.
    var readingBack: Set<UInt16> = []

    init(job: JobID, epoch: UInt64) {
        self.job = job
        self.epoch = epoch
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
