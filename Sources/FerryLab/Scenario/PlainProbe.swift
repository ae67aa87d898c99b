public import FerryCore
internal import Foundation

/// A connection as a person with telnet makes it, with a stopwatch: connect, hear the service, move some bytes.
public struct PlainProbe: Sendable, Equatable {
    /// The node that it is made from.
    public var node: String
    /// Where to.
    public var address: IPv4Address
    /// The TCP port.
    public var port: UInt16
    /// What has to be said before the service speaks.
    public var opening: PlainOpening
    /// So many bytes are sent once the service was heard.
    public var bytes = 0
    /// What they are.
    public var content = PlainContent.own
    /// How long nothing is sent before them.
    public var idle = Duration.zero
    /// How fast they are handed to the kernel; nil for as fast as it takes them.
    public var rate: BitRate?
    /// The address of the node that it is bound to; nil leaves it to the kernel.
    public var from: IPv4Address?
    /// The port that it is bound to; 0 leaves it to the kernel.
    public var fromPort: UInt16 = 0
    /// How long an answer from the far end takes, if that is known.
    public var roundTrip: Duration?
    /// The share of segments sent twice from which on it was lossy.
    public var lossyFrom = 0.05
    /// The rate below which it was slow; nil for never.
    public var slowBelow: BitRate?

    /// What came of it.
    public struct Result: Sendable, Equatable {
        /// What it met.
        public var outcome: PlainOutcome
        /// How long the handshake took, or until it failed.
        public var connectTime: Duration
        /// How long all of it took.
        public var time: Duration
        /// The address and port that it was made from, as 10.10.1.1:40001; nil if it had none.
        public var source: String?
        /// Bytes that the far end's kernel has acknowledged, the handshake's one among them; nil if the kernel does not say.
        public var acknowledged: UInt64?
        /// What else could be seen of it.
        public var evidence: Set<PlainEvidence> = []
    }

    /// A probe of `address` and `port` from `node`.
    public init(node: String, address: IPv4Address, port: UInt16, opening: PlainOpening, bytes: Int = 0) {
        self.node = node
        self.address = address
        self.port = port
        self.opening = opening
        self.bytes = bytes
    }

    /// Makes the connection.
    /// - Throws: `FerryError` if there is no such node, it cannot be entered, or no socket be made.
    public func run(in range: NetworkRange) throws(FerryError) -> Result {
        try range.namespace(of: node).run { () throws(FerryError) in try connect() }
    }

    /// Connects `count` times and keeps the connections; the descriptors are the caller's.
    func hold(_ count: Int, in range: NetworkRange) throws(FerryError) -> [Int32] {
        try range.namespace(of: node).run { () throws(FerryError) in
            var held: [Int32] = []
            for _ in 0..<count {
                let connection = try PlainConnection(self)
                _ = connection.open()
                held.append(connection.descriptor)
            }
            return held
        }
    }

    private func connect() throws(FerryError) -> Result {
        let connection = try PlainConnection(self)
        defer { close(connection.descriptor) }
        let began = ContinuousClock.now
        let problem = connection.open()
        let connected = ContinuousClock.now
        let time = connected - began
        var outcome = problem == 0 ? connection.converse() : refusal(problem, time)
        if outcome == .ok, time > (roundTrip ?? .zero) + .milliseconds(900) { outcome = .lateConnect }
        return Result(
            outcome: outcome,
            connectTime: time,
            time: ContinuousClock.now - began,
            source: connection.source,
            acknowledged: connection.acknowledged,
            evidence: problem == 0 ? connection.evidence(handshake: time) : []
        )
    }

    private func refusal(_ problem: Int32, _ time: Duration) -> PlainOutcome {
        switch problem {
        case ECONNREFUSED:
            guard let roundTrip else { return .refused }
            return time < roundTrip / 2 ? .refusedFast : .refusedFull
        case ECONNRESET: return .connectReset
        case EHOSTUNREACH, ENETUNREACH: return .icmp
        case EACCES, EPERM, EADDRNOTAVAIL, EADDRINUSE: return .notSent
        default: return .synTimeout
        }
    }
}
