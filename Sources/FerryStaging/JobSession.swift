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
    /// What each number of a disk stands for: the same from the first OPEN-DISK on.
    private var disks: [UInt16: (name: DiskName, size: ByteCount)] = [:]
    /// Batches that own their regions, those of earlier runs of the agent among them, and the order of all others.
    private(set) var regions = JobRegions()
    /// Batches that wait until those before them with the same regions are done, or until their disk is read back.
    var blocked: [ObjectIdentifier: Batch] = [:]
    /// Ends of passes that wait until no batch is live, by disk: of two for one disk the later is answered.
    var endings: [UInt16: (end: EndPass, lane: LaneSession)] = [:]
    /// Batches of it that wait for a checkpoint, or are in the one under way.
    var undurableBatches = 0
    /// Ends of passes whose volumes are being read back, by disk.
    var readingBack: [UInt16: PassEnding] = [:]

    /// So many lanes may belong to it: four times what an agent opens.
    static let mostLanes = 64
    /// So many disks a job may have.
    static let mostDisks = 64

    init(job: JobID, epoch: UInt64) {
        self.job = job
        self.epoch = epoch
    }

    /// The session of a later run of the agent, which has the job now.
    private(set) var successor: JobSession?

    /// Takes the job over from an earlier run of its agent: its batches that have begun go on, all else of it is over.
    func succeed(_ former: JobSession) {
        regions = former.regions
        former.successor = self
        former.endings = [:]
    }

    /// Whether no batch is live or waits to be.
    var isQuiet: Bool { regions.live.isEmpty && blocked.isEmpty }

    /// Gives `number` to a disk, once and for all: batches under way mean the disk that it stood for.
    /// - Throws: `FerryError` with `wireUnexpected` if it stands for another, or the disk has another number.
    func bind(_ number: UInt16, to name: DiskName, size: ByteCount) throws(FerryError) {
        if let bound = disks[number] {
            guard bound == (name, size) else {
                throw StagingCore.unexpected("another disk or size under the number \(number)")
            }
            return
        }
        guard !disks.values.contains(where: { $0.name == name }) else {
            throw StagingCore.unexpected("a second number for the disk \(name)")
        }
        guard disks.count < JobSession.mostDisks else {
            throw FerryError(
                .wireUnexpected,
                operation: "open",
                subject: "the disk \(name) of the job \(job)",
                cause: "a job has at most \(JobSession.mostDisks) disks",
                advice: "Divide the disks among several jobs."
            )
        }
        disks[number] = (name, size)
    }

    /// Whether a lane of it was heard in the last ten seconds: agents say something every five.
    var isBusy: Bool {
        lanes.values.contains { $0.lane.isUsable && NIODeadline.now() - $0.lane.lastHeardAt < .seconds(10) }
    }

    /// A lane to answer on; the one asked on, or another if that has died.
    func answering(_ lane: LaneSession) -> LaneSession? {
        if lane.lane.isUsable { return lane }
        return lanes.values.first { $0.lane.isUsable }
    }
}
