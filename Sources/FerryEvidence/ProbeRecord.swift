internal import FerryAddress

/// Everything that one probe has seen. Seconds count from the probe's start on a monotonic clock.
public struct ProbeRecord: Codable, Sendable, Equatable {
    /// How far it came.
    public enum Phase: String, Codable, Sendable {
        /// Finding the address of a name.
        case resolve
        /// The TCP handshake.
        case connect
        /// Waiting for the service's first word.
        case greeting
        /// Sending content.
        case send
        /// Waiting for what was to come back.
        case receive
        /// All went as it should.
        case done
    }

    /// Who ended the connection, as seen here.
    public enum Closer: String, Codable, Sendable {
        /// This side.
        case us
        /// A FIN or a RST came in the peer's name; whether the peer sent it cannot be seen from one end.
        case peer
        /// An ICMP error.
        case network
        /// Nobody: silence.
        case nobody
    }

    /// What was asked for.
    public var plan: ProbePlan
    /// When it started, RFC 3339 in UTC by the vantage's clock.
    public var startedAt: String
    /// Seconds that the vantage's clock was ahead of the diagnosing host's when they were compared, negative for behind; nil if
    /// they were not. A diagnosis puts `startedAt` right by it if it is more than a second.
    public var clockOffsetSeconds: Double?
    /// How far it came.
    public var phase: Phase
    /// What it came to.
    public var outcome: ProbeOutcome
    /// The error number of the call that failed.
    public var errorNumber: Int32?
    /// SO_ERROR afterwards.
    public var socketError: Int32?
    /// The failure in OONI's words, as `connection_reset`; nil if there was none.
    public var failure: String?
    /// The service's first words, printable, at most 200 characters.
    public var text: String?
    /// What stands in the way at the vantage itself: unreachable, died, refused. Then nothing else of the record counts.
    public var vantageProblem: String?

    /// The experiment that it belongs to, as `E04`.
    public var experiment: String?
    /// Who carries the vantage's traffic, as the site file says.
    public var carrier: String?
    /// What its key had seen of the same diagnosis before.
    public var keyHistory: KeyHistory?

    /// The addresses that the name led to; nil if it was an address.
    public var resolved: [String]?
    /// The address that was bound, with its port.
    public var source: String?
    /// The same after translation, where something on the way has told.
    public var translatedSource: String?
    /// The address that was connected to, with its port.
    public var destination: String?

    /// Seconds to find the address.
    public var resolveSeconds: Double?
    /// Seconds until the handshake was done, from its beginning.
    public var connectSeconds: Double?
    /// Seconds from the handshake to the service's first byte.
    public var firstByteSeconds: Double?
    /// Seconds from the beginning of the handshake to the failure.
    public var failureSeconds: Double?
    /// Seconds of it all.
    public var durationSeconds: Double
    /// The longest time in which nothing was acknowledged though something was to be.
    public var longestStallSeconds: Double?
    /// Seconds between the last byte either way and the failure.
    public var idleSeconds: Double?

    /// The kernel's smoothed round trip while content was on its way.
    public var loadedRoundTrip: RoundTripFacts?
    /// The same while nothing was. It is smoothed: what is measured soon after content still has some of the time that this took.
    public var idleRoundTrip: RoundTripFacts?

    /// Bytes given to the socket.
    public var bytesSent: Int
    /// FNV-1a (64 bits, hexadecimal) of these bytes, by which equal content is known; nil if there were none.
    public var contentHash: String?
    /// Bytes that the peer's end has acknowledged; nil if the kernel does not say.
    public var bytesAcknowledged: Int?
    /// Bytes that came.
    public var bytesReceived: Int
    /// Who ended it.
    public var closedBy: Closer
    /// An ICMP error about it, from the error queue; as it was captured, where it was.
    public var icmp: ICMPFacts?

    /// The kernel's last word on the connection.
    public var tcp: TCPFacts?
    /// The kernel's word every 100 ms.
    public var samples: [TCPFacts]?
    /// The handshake's packets, where they could be captured.
    public var handshake: HandshakeFacts?
    /// The first closing packet, where it could be captured.
    public var closing: PacketFacts?
    /// How many packets closed, in all.
    public var closingCount: Int?
    /// What arrived after the first closing packet, for two round trips.
    public var afterClosing: [PacketFacts]?
    /// With several connections at the same time: what each came to, in the order they were opened.
    public var outcomes: [ProbeOutcome]?
    /// Requests sent, in all connections of it, repeats included, where that was seen; else connections.
    public var requests: Int?

    /// `failure` of a name that is not found.
    public static let nameNotFound = "dns_lookup_error"
    /// `failure` of a connection that a vantage would not make: nothing was sent.
    public static let refusedByVantage = "refused_by_vantage"
    /// `failure` of a connection from a port that somebody else has.
    public static let portInUse = "address_in_use"

    /// Whether nothing of it was sent: its vantage has refused it, or the host's name, which an address is not, was not found.
    public var wasNeverMade: Bool {
        if failure == ProbeRecord.refusedByVantage { return vantageProblem != nil }
        return failure == ProbeRecord.nameNotFound && phase == .resolve && IPAddress(parsing: plan.host) == nil
    }

    /// An empty record of `plan`.
    public init(_ plan: ProbePlan, startedAt: String) {
        self.plan = plan
        self.startedAt = startedAt
        phase = .resolve
        outcome = .ok
        durationSeconds = 0
        bytesSent = 0
        bytesReceived = 0
        closedBy = .nobody
    }
}

/// The handshake as it was captured.
public struct HandshakeFacts: Codable, Sendable, Equatable {
    /// The requests, in order; repeats included.
    public var requests: [PacketFacts]
    /// The answers (SYN and ACK), in order; a second one with another sequence number is a second speaker.
    public var answers: [PacketFacts]
    /// Seconds from the last request before the first answer to it.
    public var roundTripSeconds: Double?

    /// What was captured of it.
    public init(requests: [PacketFacts], answers: [PacketFacts], roundTripSeconds: Double?) {
        self.requests = requests
        self.answers = answers
        self.roundTripSeconds = roundTripSeconds
    }
}

/// One packet, as far as a diagnosis looks at it.
public struct PacketFacts: Codable, Sendable, Equatable {
    /// Seconds from the probe's start.
    public var seconds: Double
    /// The flags, as letters of `SAFRPUEC` (SYN, ACK, FIN, RST, PSH, URG, ECE, CWR).
    public var flags: String
    /// The time to live that was left.
    public var timeToLive: Int
    /// The IP identification; nil for IPv6.
    public var identification: Int?
    /// Whether it must not be fragmented.
    public var doesNotFragment: Bool
    /// Its sequence number as it stands in the header.
    public var sequence: UInt32?
    /// Its sequence number less what was expected next from its sender; nil before any is known.
    public var sequenceOffset: Int?
    /// Its acknowledgement number less what the other side has sent; nil without ACK.
    public var acknowledgementOffset: Int?
    /// The window as it stands in the header.
    public var window: Int
    /// Bytes of content.
    public var length: Int
    /// The maximum segment size that it offers.
    public var maximumSegment: Int?
    /// The window scale that it offers.
    public var windowScale: Int?
    /// Whether it permits selective acknowledgements; nil if it does not, and opens no connection.
    public var permitsSelectiveAcknowledgement: Bool?
    /// Whether it carries timestamps.
    public var hasTimestamps: Bool?

    /// A packet with nothing known but when it was and what it says.
    public init(seconds: Double, flags: String) {
        self.seconds = seconds
        self.flags = flags
        timeToLive = 0
        doesNotFragment = false
        window = 0
        length = 0
    }
}

/// An ICMP error about a probe.
public struct ICMPFacts: Codable, Sendable, Equatable {
    /// Its type: 3 unreachable, 11 time exceeded; of IPv6 1 and 3 (RFC 4443).
    public var type: Int
    /// Its code.
    public var code: Int
    /// Who sent it.
    public var from: String
    /// Seconds from the probe's start.
    public var seconds: Double
    /// The largest packet that goes on, where the error tells.
    public var pathUnit: Int?
    /// The time to live that the error's own packet had left, 0 to 255; nil if that was not seen.
    public var timeToLive: Int?
    /// Bytes of the error's own packet, from its IP header on; nil if that was not seen.
    public var bytes: Int?
    /// What it quotes of the packet that it is about; nil if that was not seen.
    public var quoted: QuotedPacket?

    /// What an error says: RFC 792, RFC 1812 section 5.2.7.1 and RFC 4443 sections 3.1 and 3.3.
    public enum Meaning: String, Sendable, Hashable {
        /// That it is prohibited, which only filters say.
        case prohibited
        /// That nobody has the port, which hosts say of other protocols than TCP, and filters of all.
        case portUnreachable = "port-unreachable"
        /// That the network or the host cannot be reached, which routers say.
        case unreachable
        /// That the time to live, or the hop limit, had run out.
        case timeExceeded = "time-exceeded"
    }

    /// What it says; nil for what ends no connection.
    public var meaning: Meaning? {
        switch (from.contains(":"), type, code) {
        case (false, 3, 9), (false, 3, 10), (false, 3, 13), (true, 1, 1), (true, 1, 5), (true, 1, 6): .prohibited
        case (false, 3, 3), (true, 1, 4): .portUnreachable
        case (false, 3, 0), (false, 3, 1), (false, 3, 5...8), (false, 3, 11), (false, 3, 12), (true, 1, 0),
            (true, 1, 2), (true, 1, 3):
            .unreachable
        case (false, 11, _), (true, 3, _): .timeExceeded
        default: nil
        }
    }

    /// An error.
    public init(type: Int, code: Int, from: String, seconds: Double) {
        self.type = type
        self.code = code
        self.from = from
        self.seconds = seconds
    }

    /// The same error as it was captured, which tells more; itself if `captured` is another one.
    public func completed(by captured: ICMPFacts) -> ICMPFacts {
        guard (captured.type, captured.code, captured.from) == (type, code, from) else { return self }
        var whole = captured
        whole.pathUnit = captured.pathUnit ?? pathUnit
        whole.timeToLive = captured.timeToLive ?? timeToLive
        whole.quoted = captured.quoted ?? quoted
        return whole
    }
}

/// What an ICMP error quotes of a packet, as that came to who complains. The kernel tells ports and the sequence number; the
/// rest takes a capture.
public struct QuotedPacket: Codable, Sendable, Equatable {
    /// The time to live that it had left there, 0 to 255.
    public var timeToLive: Int?
    /// The IP identification; nil for IPv6.
    public var identification: Int?
    /// The port of who sent it.
    public var sourcePort: UInt16?
    /// The port that it went to.
    public var destinationPort: UInt16?
    /// Its sequence number as it stands in the header.
    public var sequence: UInt32?

    /// A packet of which nothing is known.
    public init() {}
}
