public import FerryAddress
public import FerryCore

/// What an agent is to do.
public struct ReplicationConfiguration: Sendable {
    /// The job.
    public var job: JobID
    /// Paths of block devices or image files.
    public var disks: [String]
    /// The endpoints of the staging server, in order of preference.
    public var endpoints: [EndpointAddress]
    /// Where the agent keeps what it must not forget; nil keeps it in memory.
    public var stateDirectory: String?
    /// The rate budget; nil for none.
    public var rate: BitRate?
    /// Processor cores that may be used: 1 ... 64.
    public var cores = 1
    /// Memory that may be used.
    public var memory = ByteCount.mebibytes(64)
    /// Connections at a time.
    public var lanes = 1
    /// Whether blocks that no file system uses are copied too.
    public var copiesAllBlocks = false
    /// How long after the beginning of one pass the next begins; nil for one pass alone.
    public var interval: Duration?
    /// The longest that the file systems may be frozen for the final pass; nil to freeze nothing.
    public var freezeLimit: Duration?
    /// The agent's release.
    public var release: String

    /// A configuration.
    public init(job: JobID, disks: [String], endpoints: [EndpointAddress], release: String) {
        self.job = job
        self.disks = disks
        self.endpoints = endpoints
        self.release = release
    }
}
