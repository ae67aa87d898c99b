/// What a vantage is to tell of the host that it is on.
public struct HostPlan: Codable, Sendable, Equatable {
    /// Its name, as `h2`.
    public var id: String
    /// The vantage.
    public var vantage: String
    /// Ports of its own that matter: who listens there, and how it stands with their queues.
    public var ownPorts: [UInt16]
    /// Far ends that matter: connections to them, and the way there. `address` or `address:port`.
    public var peers: [String]

    /// A look.
    public init(id: String, vantage: String, ownPorts: [UInt16], peers: [String]) {
        self.id = id
        self.vantage = vantage
        self.ownPorts = ownPorts
        self.peers = peers
    }
}

/// What it tells, from /proc and the routing table; nothing of it needs privileges.
public struct HostRecord: Codable, Sendable, Equatable {
    /// A port that something listens at.
    public struct Listener: Codable, Sendable, Equatable {
        /// The port.
        public var port: UInt16
        /// Whether anything listens.
        public var listens: Bool
        /// Connections that wait to be accepted.
        public var waiting: Int?
        /// How many may wait.
        public var mostWaiting: Int?
        /// Bytes that have come on its connections and were not read.
        public var receiveQueue: Int?
        /// Connections at it, by state as the kernel numbers them in /proc/net/tcp (1 established, 3 SYN received, 8 close wait).
        public var states: [String: Int]

        /// A port.
        public init(port: UInt16, listens: Bool) {
            self.port = port
            self.listens = listens
            states = [:]
        }
    }

    /// A far end.
    public struct Peer: Codable, Sendable, Equatable {
        /// As it was asked for.
        public var name: String
        /// Connections to it, by state.
        public var states: [String: Int]
        /// Local ports in use towards it.
        public var localPorts: Int
        /// The error number of finding a route to it; 0 if there is one.
        public var routeError: Int32
        /// The local address that would be used.
        public var localAddress: String?
        /// Bytes in send queues of those connections.
        public var sendQueue: Int

        /// A far end.
        public init(name: String) {
            self.name = name
            states = [:]
            localPorts = 0
            routeError = 0
            sendQueue = 0
        }
    }

    /// What was asked for.
    public var plan: HostPlan
    /// When, RFC 3339 in UTC by the vantage's clock.
    public var startedAt: String
    /// The host's addresses.
    public var addresses: [String]
    /// Its own ports.
    public var listeners: [Listener]
    /// Far ends.
    public var peers: [Peer]
    /// The kernel's counters, as /proc/net/snmp and /proc/net/netstat name them, as `TcpExt.ListenOverflows`.
    public var counters: [String: Int]
    /// Settings that matter: `net.ipv4.tcp_ecn` and others, as they are.
    public var settings: [String: String]
    /// What stands in the way at the vantage itself.
    public var vantageProblem: String?

    /// Nothing known.
    public init(_ plan: HostPlan, startedAt: String) {
        self.plan = plan
        self.startedAt = startedAt
        addresses = []
        listeners = []
        peers = []
        counters = [:]
        settings = [:]
    }
}
