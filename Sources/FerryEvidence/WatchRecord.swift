/// What a vantage is to watch: packets between an end and whoever talks with it.
public struct WatchPlan: Codable, Sendable, Equatable {
    /// Its name, as `w3`.
    public var id: String
    /// The vantage that watches; needs CAP_NET_RAW there.
    public var vantage: String
    /// The address of the far end; empty for any.
    public var host: String
    /// Its ports; empty for all.
    public var ports: [UInt16]
    /// Seconds after which it ends by itself.
    public var limitSeconds: Double

    /// A watch of `host` at `ports`.
    public init(id: String, vantage: String, host: String, ports: [UInt16], limitSeconds: Double) {
        self.id = id
        self.vantage = vantage
        self.host = host
        self.ports = ports
        self.limitSeconds = limitSeconds
    }
}

/// What was seen there.
public struct WatchRecord: Codable, Sendable, Equatable {
    /// What was asked for.
    public var plan: WatchPlan
    /// When it started, RFC 3339 in UTC by the vantage's clock.
    public var startedAt: String
    /// Seconds that it watched.
    public var seconds: Double
    /// Connections of which a packet was seen, by address and port of both ends.
    public var flows: [SeenFlow]
    /// Connections that were seen besides, at least so many, and are not among `flows`, where there were too many: those
    /// without an opening packet are the first to be left out. Then that a connection is not there does not mean that it was not seen.
    public var unreported: Int?
    /// Packets that the kernel could not keep.
    public var lost: Int
    /// What stands in the way at the vantage itself.
    public var vantageProblem: String?

    /// Nothing seen.
    public init(_ plan: WatchPlan, startedAt: String) {
        self.plan = plan
        self.startedAt = startedAt
        seconds = 0
        flows = []
        lost = 0
    }
}

/// A connection as it passed a vantage. The client is who sent the request, or whose port is the higher one.
public struct SeenFlow: Codable, Sendable, Equatable {
    /// The client's address, as it is there.
    public var client: String
    /// Its port.
    public var clientPort: UInt16
    /// The server's address, as it is there.
    public var server: String
    /// Its port.
    public var serverPort: UInt16
    /// What the client's end sent.
    public var fromClient: SeenDirection
    /// What the server's end sent.
    public var fromServer: SeenDirection

    /// A flow with nothing seen yet.
    public init(client: String, clientPort: UInt16, server: String, serverPort: UInt16) {
        self.client = client
        self.clientPort = clientPort
        self.server = server
        self.serverPort = serverPort
        fromClient = SeenDirection()
        fromServer = SeenDirection()
    }
}

/// One direction of it.
public struct SeenDirection: Codable, Sendable, Equatable {
    /// Packets.
    public var packets = 0
    /// Bytes of content, repeats included.
    public var bytes = 0
    /// Highest end of content less the initial sequence number: bytes of the stream that passed; nil without the handshake.
    public var reached: Int?
    /// Segments with content that had been seen before.
    public var repeats = 0
    /// Segments whose content came before that of an earlier one, though it had not been seen.
    public var outOfOrder = 0
    /// Missing stretches of the stream that were never seen.
    public var gaps = 0
    /// Packets with SYN, in order, at most 8; with ACK for the server's end.
    public var openings: [PacketFacts] = []
    /// Packets with FIN or RST, in order, at most 8.
    public var closings: [PacketFacts] = []
    /// The time to live of the last packet with content, or else of any.
    public var timeToLive: Int?
    /// The sequence number of the first packet, by which a connection is known whose beginning was not seen.
    public var firstSequence: UInt32?
    /// Seconds of the first packet.
    public var firstSeconds: Double?
    /// Seconds of the last packet.
    public var lastSeconds: Double?

    /// Nothing.
    public init() {}
}
