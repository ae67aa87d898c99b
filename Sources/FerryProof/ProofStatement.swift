public import FerryCore

/// What a staging server states with its signature: that the image of a disk at a time is the one of this manifest.
public struct ProofStatement: Hashable, Sendable {
    /// Whether all blocks of the image are of one moment.
    public enum Consistency: String, Sendable {
        /// The file systems were frozen, snapshotted or unmounted for the final pass.
        case consistent
        /// The disk was written to while it was read.
        case fuzzy
    }

    /// The replication job.
    public var job: JobID
    /// The disk's name within the job.
    public var disk: DiskName
    /// The volume's random identifier: two volumes of one name differ here.
    public var volumeIdentifier: String
    /// The agent that owns the job.
    public var agent: AgentName
    /// What the agent knew of the disk's identity: serial number, partition table and the like.
    public var diskIdentity: String
    /// The disk's size.
    public var diskSize: ByteCount
    /// The rule by which chunks were cut.
    public var cutRule: UInt8
    /// The pass that the generation ended.
    public var pass: UInt64
    /// The generation's number on its volume.
    public var generation: UInt64
    /// Whether the image is of one moment.
    public var consistency: Consistency
    /// When the pass began, by the source server's clock.
    public var startedAt: UTCTime
    /// When the last block of the pass was read, by the source server's clock.
    public var endedAt: UTCTime
    /// When the read-back of the volume agreed, by the staging server's clock.
    public var verifiedAt: UTCTime
    /// When the statement was signed, by the staging server's clock.
    public var signedAt: UTCTime
    /// What the manifest amounts to.
    public var manifest: ManifestSummary
    /// SHA-256 over the certificates that the proof brings, so that they cannot be exchanged either.
    public var certificates: Digest
    /// The release of Ferry that wrote the statement.
    public var release: String

    /// A statement with all its parts; `signedAt` and `certificates` are set when it is signed.
    public init(
        job: JobID,
        disk: DiskName,
        volumeIdentifier: String,
        agent: AgentName,
        diskIdentity: String,
        diskSize: ByteCount,
        cutRule: UInt8,
        pass: UInt64,
        generation: UInt64,
        consistency: Consistency,
        startedAt: UTCTime,
        endedAt: UTCTime,
        verifiedAt: UTCTime,
        signedAt: UTCTime = .now(),
        manifest: ManifestSummary,
        certificates: Digest = Digest(),
        release: String
    ) {
        self.job = job
        self.disk = disk
        self.volumeIdentifier = volumeIdentifier
        self.agent = agent
        self.diskIdentity = diskIdentity
        self.diskSize = diskSize
        self.cutRule = cutRule
        self.pass = pass
        self.generation = generation
        self.consistency = consistency
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.verifiedAt = verifiedAt
        self.signedAt = signedAt
        self.manifest = manifest
        self.certificates = certificates
        self.release = release
    }

    /// `JOB/DISK`, as people name the volume.
    public var volume: String { "\(job)/\(disk)" }
    /// The disk's identity as printable text on one line.
    public var printableIdentity: String { PrintableText.escaped(diskIdentity) }
}
