public import FerryCore

/// The kind of disk the server will find itself on after the move, which decides the drivers it needs to start.
public enum TargetDiskBus: String, Sendable, CaseIterable {
    /// virtio block devices, named /dev/vda: the common case.
    case virtioBlock = "virtio-blk"
    /// Disks behind a virtio SCSI controller, named /dev/sda.
    case virtioSCSI = "virtio-scsi"
    /// NVMe devices, named /dev/nvme0n1.
    case nvme = "nvme"
    /// Xen block devices, named /dev/xvda.
    case xen = "xen"

    /// The drivers without which the root disk is not found.
    var drivers: [Driver] {
        switch self {
        case .virtioBlock: [.virtioPCI, .virtioBlock]
        case .virtioSCSI: [.virtioPCI, .virtioSCSI, .scsiDisk]
        case .nvme: [.nvme]
        case .xen: [.xenBlock]
        }
    }

    /// How the names of its disks begin.
    var diskNamePrefix: String {
        switch self {
        case .virtioBlock: "vd"
        case .virtioSCSI: "sd"
        case .nvme: "nvme"
        case .xen: "xvd"
        }
    }
}

/// A look at another clock: what a staging server said the time was, and how sure that is.
public struct ServerClockReading: Sendable {
    /// The time the other clock showed.
    public var serverTime: UTCTime
    /// The time this server's clock showed at the same moment, as near as can be known: halfway through the exchange.
    public var localTime: UTCTime
    /// How long the exchange took; the reading is sure to half of it.
    public var roundTrip: Duration

    /// A reading with all its parts.
    public init(serverTime: UTCTime, localTime: UTCTime, roundTrip: Duration) {
        self.serverTime = serverTime
        self.localTime = localTime
        self.roundTrip = roundTrip
    }
}

/// What the pre-check cannot see for itself.
public struct PreCheckRequest: Sendable {
    /// The sizes of all disks to be moved, together; zero if not known yet.
    public var diskSize = ByteCount.zero
    /// The directory for the agent's state, as this process sees it; nil if the state stays in memory.
    public var stateDirectory: String?
    /// How much state the agent keeps for each 8 GiB of disk.
    public var stateSizePer8GiB = ByteCount.mebibytes(33)
    /// What has to stay free on the file system of the state: a tenth of it, at most so much.
    public var mostStateReserve = ByteCount.gibibytes(1)
    /// The kind of disk at the target.
    public var targetBus = TargetDiskBus.virtioBlock
    /// A look at the staging server's clock, if there has been one.
    public var serverClock: ServerClockReading?
    /// How long the load of the processors is watched.
    public var sampleTime = Duration.milliseconds(500)

    /// A request in which everything has its usual value.
    public init() {}
}
