public import FerryCore
public import FerryTransport

/// What an agent has to tell while it replicates: for a terminal, the log, and `--json`.
public enum ReplicationEvent: Sendable {
    /// A lane is open.
    case laneStarted(endpoint: String, source: String, observed: String, roundTrip: Duration)
    /// A lane has ended.
    case laneEnded(LaneEnd)
    /// A connection is being made, for `since` already.
    case connecting(endpoint: String, since: Duration)
    /// No endpoint can be reached; the next try is in `delay`.
    case waiting(delay: Duration, since: Duration, why: String)
    /// Nothing has moved for `since` although connections live; they are made anew.
    case stalled(since: Duration, says: String)
    /// A pass begins.
    case passStarted(disk: String, pass: UInt64, isResumed: Bool, used: ByteCount, size: ByteCount)
    /// Something about a disk that a person should know.
    case finding(disk: String, text: String)
    /// Some extents of a disk could not be read.
    case damaged(disk: String, extents: [Extent])
    /// The file systems at these mount points are about to be frozen: until `thawed`, a writer to them hangs.
    case freezing(mountPoints: [String])
    /// The file systems at these mount points are frozen for the final pass, for at most `limit`.
    case frozen(mountPoints: [String], limit: Duration)
    /// They are written to again, after `after`; `inTime` says whether the final pass was done by then.
    case thawed(after: Duration, inTime: Bool)
    /// The next pass begins in `delay`.
    case resting(delay: Duration)
    /// How it goes; told every second.
    case progress(ReplicationProgress)
    /// The staging server reads the volume back.
    case verifying(disk: String, done: ByteCount, total: ByteCount)
    /// The staging server found regions that have to be sent again.
    case repairing(disk: String, regions: Int)
    /// A pass has ended in a generation.
    case verified(disk: String, pass: UInt64, generation: UInt64, root: Digest, seconds: Double)
}

/// How far a job has come, in sums over its disks since the agent started.
public struct ReplicationProgress: Sendable {
    /// Bytes of the disks that the present passes have to deal with.
    public var total = 0
    /// Bytes of the disks that were dealt with.
    public var scanned = 0
    /// Bytes read from disks.
    public var read = 0
    /// Bytes that no file system uses.
    public var unused = 0
    /// Bytes of zeros.
    public var zero = 0
    /// Bytes of content.
    public var data = 0
    /// Bytes of content that are as they were.
    public var unchanged = 0
    /// Bytes that could not be read.
    public var damaged = 0
    /// Bytes of content that the staging server already had.
    public var alreadyThere = 0
    /// Bytes of content that were packed and sent.
    public var unpacked = 0
    /// What they were packed to.
    public var packed = 0
    /// Bytes of content that were sent more than once, as packed.
    public var sentAgain = 0
    /// Bytes given to connections, frames and all.
    public var sent = 0
    /// Bytes of content that are durable at the staging server.
    public var durable = 0
    /// Connections that ended before the job did.
    public var interruptions = 0
    /// Bytes per second given to connections, over the last seconds.
    public var rate = 0.0
    /// Seconds until the passes end, by the pace of the last seconds; nil if nothing can be said.
    public var remainingSeconds: Double?
    /// The zstd level in use.
    public var level = 1

    /// No progress.
    public init() {}
}
