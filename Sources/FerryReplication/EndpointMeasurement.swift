public import FerryAddress
public import FerryCore
public import FerryTransport

/// What trying an endpoint showed. Numbers and names only: what is to be thought of them is for others to say.
public struct EndpointMeasurement: Sendable {
    /// How far a trial that failed had come.
    public enum Step: String, Sendable {
        /// The name has no address.
        case resolve
        /// The TCP handshake.
        case connect
        /// The TLS handshake.
        case tls
        /// Ferry's own protocol.
        case ferry
        /// Sending more than a few questions.
        case transfer
    }

    /// Why a trial went no further.
    public struct Failure: Sendable {
        /// What was being done.
        public var step: Step
        /// What a person is told.
        public var error: FerryError
        /// What could be seen of the connection's end, if there was a connection or an attempt at one.
        public var end: LaneEnd?
        /// Bytes that had arrived at the staging server, as far as it could still say so.
        public var arrived = ByteCount.zero
    }

    /// Whose a job is.
    public enum Owner: String, Sendable {
        /// No agent has it yet.
        case nobody
        /// The agent whose identity was used.
        case thisAgent = "this-agent"
        /// Another agent.
        case anotherAgent = "another-agent"
    }

    /// The rate that was measured.
    public struct Rate: Sendable {
        /// Content that arrived in one second, without headers. The slow beginning of a connection does not count.
        public var rate: BitRate
        /// Bytes that were sent for it.
        public var sent: ByteCount
        /// How long it took, in seconds.
        public var seconds: Double
    }

    /// The endpoint as it was given.
    public var endpoint: EndpointAddress
    /// The addresses of its name; the first was used, as a replication does.
    public var addresses: [IPEndpoint] = []
    /// Why the trial went no further; nil if it came to its end.
    public var failure: Failure?
    /// This side's address and port.
    public var source = ""
    /// The address and port that the staging server saw.
    public var observed = ""
    /// How long the TCP and TLS handshakes took together.
    public var handshake: Duration?
    /// The staging server's release.
    public var release = ""
    /// The version of the protocol that both sides speak.
    public var version: UInt16 = 0
    /// Whose the job is; nil if it was not asked for, or no answer came.
    public var owner: Owner?
    /// Round trips of Ferry's own messages, in the order they were measured.
    public var roundTrips: [Duration] = []
    /// The staging server's clock, this side's at the same moment, and how long that question took.
    public var clock: (server: UTCTime, here: UTCTime, roundTrip: Duration)?
    /// The rate; nil if it could not be measured.
    public var rate: Rate?
    /// Why the rate could not be measured though everything else went well.
    public var rateFailure: FerryError?
    /// What the kernel said of the connection at its end.
    public var tcp: TCPSample?

    /// A trial of `endpoint` that has not begun.
    init(_ endpoint: EndpointAddress) { self.endpoint = endpoint }

    /// The median of the round trips.
    public var roundTrip: Duration? {
        let sorted = roundTrips.sorted()
        return sorted.isEmpty ? nil : sorted[sorted.count / 2]
    }
}
