public import FerryCore

/// How far a fleet has come.
public struct FleetProgress: Sendable, Equatable {
    /// What is being done.
    public enum Phase: String, Sendable {
        /// The network is being built.
        case network
        /// Identities are made, and the staging server is started.
        case staging
        /// Jobs run.
        case jobs
        /// The staging server is ended.
        case end
    }

    /// What is being done.
    public var phase: Phase
    /// Since the beginning.
    public var seconds: Double
    /// Jobs that are done and verified.
    public var verified = 0
    /// Jobs that ended otherwise.
    public var failed = 0
    /// Jobs that run.
    public var running = 0
    /// Jobs that have not begun.
    public var waiting = 0
    /// Bytes of packets that the lines delivered, both ways.
    public var wireBytes = ByteCount.zero
}
