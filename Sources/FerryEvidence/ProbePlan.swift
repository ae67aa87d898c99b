/// One measurement that is to be made: from where, to where, and every factor that can be set.
///
/// Seconds are real ones; whoever makes the plan has scaled them.
public struct ProbePlan: Codable, Sendable, Equatable {
    /// Its name within a diagnosis, as `p3`.
    public var id: String
    /// The vantage that makes it.
    public var vantage: String
    /// The address to bind to; nil leaves it to the kernel.
    public var sourceAddress: String?
    /// The port to bind to; nil leaves it to the kernel.
    public var sourcePort: UInt16?
    /// A host name or address.
    public var host: String
    /// The port.
    public var port: UInt16
    /// What the service speaks.
    public var speaks: ServiceProtocol
    /// What is sent once the service was heard, beyond what the protocol asks for.
    public var payload: ProbePayload?
    /// Seconds of silence between hearing the service and the payload.
    public var idleSeconds: Double?
    /// Whether TCP keep-alives go out during the silence, every third of a second of it.
    public var keepsAlive: Bool?
    /// TCP factors.
    public var options: ProbeOptions?
    /// Connections that are opened at the same time, and held until all are; 1 if nil. The record is the last one's.
    public var concurrency: Int?
    /// Whether only a request of our own making is sent and the answer awaited (a half-open handshake); needs CAP_NET_RAW.
    public var isHalfOpen: Bool?
    /// Seconds to wait for the handshake.
    public var connectSeconds: Double
    /// Seconds to wait for the service's first word.
    public var answerSeconds: Double
    /// Seconds without any acknowledged byte after which a transfer counts as stalled.
    public var stallSeconds: Double
    /// Seconds for all of it.
    public var limitSeconds: Double
    /// Whether packets are captured; needs CAP_NET_RAW at the vantage.
    public var captures: Bool?
    /// Seconds that an answer from the far end takes at least, where that is known: what comes in less than half of it did
    /// not come from there.
    public var referenceRoundTripSeconds: Double?

    /// A plain connection to `host` at `port`.
    public init(id: String, vantage: String, host: String, port: UInt16, speaks: ServiceProtocol) {
        self.id = id
        self.vantage = vantage
        self.host = host
        self.port = port
        self.speaks = speaks
        connectSeconds = 3.4
        answerSeconds = 3
        stallSeconds = 3
        limitSeconds = 30
    }
}

/// What a service speaks, which says what a probe sends and expects.
public enum ServiceProtocol: String, Codable, Sendable, CaseIterable {
    /// Ferry's own: TLS, then frames. A probe without an identity ends after the TLS hello.
    case ferry
    /// TLS: a hello is sent and an answer awaited.
    case tls
    /// Nothing is known: only the handshake, and whether the peer closes in the answer's time.
    case tcp
    /// HTTP/1.1: `HEAD /` is sent and a status awaited.
    case http
    /// rsync: the daemon greets first, the client answers with its own greeting.
    case rsync

    /// The most bytes of a TLS hello that every server takes: it has to fit into one record.
    public static let longestHello = 16_000
}

/// Content that a probe sends.
public struct ProbePayload: Codable, Sendable, Equatable {
    /// What it is made of.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// Bytes without any structure, from a seed.
        case random
        /// What the protocol's real clients send, then bytes like theirs.
        case real
        /// The real ones with every bit turned over: equal in size and timing, and no content that anybody could look for.
        case inverted
    }

    /// What it is made of.
    public var kind: Kind
    /// Bytes.
    public var bytes: Int
    /// The rate in bits per second; nil sends as fast as the socket takes it.
    public var bitsPerSecond: Double?

    /// `bytes` of `kind`.
    public init(_ kind: Kind, bytes: Int, bitsPerSecond: Double? = nil) {
        self.kind = kind
        self.bytes = bytes
        self.bitsPerSecond = bitsPerSecond
    }
}

/// TCP and IP factors of a probe. What is nil is left to the kernel.
public struct ProbeOptions: Codable, Sendable, Equatable {
    /// The maximum segment size in bytes (TCP_MAXSEG, or the option of a half-open request).
    public var maximumSegment: Int?
    /// The time to live of what is sent.
    public var timeToLive: Int?
    /// Bytes of the receive buffer; under 64 KiB no window scale is needed.
    public var receiveBuffer: Int?
    /// Whether the request offers explicit congestion notification; half-open requests only.
    public var ecn: Bool?
    /// Whether the request offers window scaling. The kernel's own requests offer a scale of 0 then, and keep their window below
    /// 64 KiB.
    public var windowScale: Bool?
    /// Whether the request permits selective acknowledgements; half-open requests only.
    public var selectiveAcknowledgement: Bool?
    /// Whether the request offers timestamps; half-open requests only.
    public var timestamps: Bool?

    /// Nothing set.
    public init() {}
}
