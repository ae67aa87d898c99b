public import FerryCore

/// How a fleet is to be moved.
public struct FleetOptions: Sendable, Equatable {
    /// Source servers, each with one job.
    public var sources: Int
    /// Jobs that run at a time; the next begins when one ends.
    public var atOnce: Int
    /// The size of each source server's disk.
    public var disk: ByteCount
    /// Memory that each agent may use.
    public var memory: ByteCount
    /// A job that takes longer has failed.
    public var limit: Duration

    /// A fleet of so many source servers.
    public init(sources: Int, atOnce: Int, disk: ByteCount, memory: ByteCount, limit: Duration) {
        self.sources = sources
        self.atOnce = atOnce
        self.disk = disk
        self.memory = memory
        self.limit = limit
    }

    /// Room that the run takes at the most: each volume, and the disks of the jobs that run.
    var room: ByteCount {
        ByteCount(UInt64(sources + atOnce) * disk.bytes) + .mebibytes(64)
    }
}
