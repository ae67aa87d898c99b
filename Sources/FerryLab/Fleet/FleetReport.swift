public import FerryCore

/// What came of a fleet, and what the lab itself took for it.
public struct FleetReport: Sendable, Equatable {
    /// A job that was not verified.
    public struct Failure: Sendable, Equatable {
        /// The job.
        public var job: String
        /// Why, in the agent's words.
        public var why: String
    }

    /// Packets of the lines, of one direction.
    public struct Packets: Sendable, Equatable {
        /// Packets delivered.
        public var count = 0
        /// Bytes of those.
        public var bytes = ByteCount.zero
        /// Packets that came and were not delivered.
        public var lost = 0
    }

    /// What was to be done.
    public var options: FleetOptions
    /// Jobs that are verified.
    public var verified = 0
    /// The others.
    public var failures: [Failure] = []
    /// Connections that ended before their job did.
    public var interruptions = 0
    /// From the start of the first job to the end of the last.
    public var jobSeconds = 0.0
    /// The shortest, the middle and the longest job.
    public var secondsOfAJob: [Double] = []
    /// Frames that agents gave to connections, before TLS.
    public var sentBytes = ByteCount.zero
    /// Content that the staging server had already.
    public var alreadyThereBytes = ByteCount.zero
    /// Over the lines, towards the staging server.
    public var forward = Packets()
    /// Over the lines, back.
    public var back = Packets()

    /// Network namespaces.
    public var namespaces = 0
    /// Building the network.
    public var buildSeconds = 0.0
    /// What the kernel's small objects grew by while the network was built; nil if it does not say.
    public var slab: ByteCount?
    /// What became unavailable to programs meanwhile.
    public var unavailable: ByteCount?
    /// Processor time of `ip` and `nft`, which build.
    public var toolsTime = ProcessorTime()
    /// Processor time of the lines' threads, in seconds.
    public var linesSeconds = 0.0
    /// Processor time of the lab's process, lines and the making of disks among it, without what it started.
    public var labTime = ProcessorTime()
    /// Processor time of all agents.
    public var agentsTime = ProcessorTime()
    /// Processor time of the staging server.
    public var stagingTime = ProcessorTime()
    /// Processor time of `ferry pki`.
    public var identitiesTime = ProcessorTime()
    /// What any agent had resident at the most; or the lab itself, if that was more.
    public var mostAgentMemory = ByteCount.zero
    /// The same of the staging server.
    public var mostStagingMemory = ByteCount.zero

    /// Nothing done yet.
    init(_ options: FleetOptions) { self.options = options }

    /// The lab's part of all processor time, from 0 to 1.
    public var labShare: Double {
        let lab = labTime.total + toolsTime.total
        let all = lab + agentsTime.total + stagingTime.total + identitiesTime.total
        return all > 0 ? lab / all : 0
    }
}
