internal import FerryCore
internal import FerryDisk
internal import FerryImage
internal import FerryWire
internal import NIOCore

/// One disk of the job and how far its pass has come. Lives on the job's event loop.
final class DiskJob {
    enum Phase {
        /// Waiting for the staging server to say what it holds.
        case opening
        /// The disk is being looked at.
        case usageUnderWay
        /// Regions are being scanned and sent.
        case scanning
        /// The end of the pass was told; the volume is being read back.
        case verifying
        /// The pass is a generation.
        case done
    }

    let index: Int
    let name: DiskName
    let disk: Disk
    let identity: String
    var map: BlockMap
    var usage: DiskUsage?
    var phase = Phase.opening
    var pass: UInt64 = 0
    var startedAt = UTCTime(microseconds: 0)
    var begun = NIODeadline.now()
    /// The next region of the pass; nil when all were scanned.
    var nextRegion: Int? = 0
    /// Regions to be offered anew, whatever is remembered of them.
    var again = RegionSet()
    /// Regions that were found wrong at the staging server, likewise.
    var repairs = RegionSet()
    var scansUnderWay = 0
    var courtesy = DiskCourtesy()
    /// The disk is left alone until then.
    var restsUntil = NIODeadline.now()
    /// Scanned regions that wait until a batch of them is worth a round trip.
    var gathered: [Batch.Region] = []
    var gatheredLength = 0
    /// Regions without content that wait likewise.
    var gatheredEmpty: [EmptyRange] = []
    /// Whether the gathered regions were found wrong at the staging server.
    var gatheredForRepair = false
    /// Batches that are not durable yet.
    var batches = 0
    /// Bytes of the disk that the pass has dealt with.
    var scanned = 0
    var repairRounds = 0
    /// Whether everything the pass knows was read since it began in this process.
    var isWhole = false
    /// Shows whether anybody writes to the disk, where that can be shown.
    var stillness: DiskStillness?
    /// Whether the image of the pass is of one moment; known once settled.
    var consistency = Consistency.fuzzy
    /// Whether it is known whether everything that the pass has read is of one moment.
    var isSettled = false
    /// Whether that is being found out.
    var isSettling = false
    /// Bytes of the pass that could not be read.
    var damagedBytes = 0
    /// Bytes of content that were found changed in the pass.
    var changedBytes = 0
    /// Whether the end of the pass was told on a lane that still lives.
    var endWasSent = false
    /// The root that was sent with it.
    var root: Digest?
    var isRootUnderWay = false
    var generation: UInt64 = 0

    init(index: Int, name: DiskName, disk: Disk, identity: String, map: BlockMap) {
        self.index = index
        self.name = name
        self.disk = disk
        self.identity = identity
        self.map = map
    }

    var size: ByteCount { disk.geometry.size }
    var regionCount: Int { ImageLayout.regionCount(ofDisk: size) }

    /// Whether there is something to scan at `now`.
    func hasWork(at now: NIODeadline) -> Bool {
        phase == .scanning && usage != nil && hasRegionsLeft && restsUntil <= now
    }

    /// Whether regions of the pass are not yet scanned.
    var hasRegionsLeft: Bool { nextRegion != nil || !again.isEmpty || !repairs.isEmpty }

    /// Whether everything of the pass is durable.
    var isDrained: Bool {
        phase == .scanning && !hasRegionsLeft && scansUnderWay == 0 && batches == 0 && gathered.isEmpty
            && gatheredEmpty.isEmpty
    }
}
