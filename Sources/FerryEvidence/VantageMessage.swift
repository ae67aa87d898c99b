/// What a vantage says of itself when somebody connects. One JSON object a line, each way; see docs/specs/vantage.md.
public struct VantageHello: Codable, Sendable, Equatable {
    /// The protocol's version: 1.
    public var vantage: Int
    /// The program's version.
    public var program: String
    /// Whether it can capture packets and send ones of its own making (CAP_NET_RAW).
    public var captures: Bool
    /// Its addresses.
    public var addresses: [String]
    /// Its clock, RFC 3339 in UTC.
    public var time: String

    /// A hello.
    public init(vantage: Int, program: String, captures: Bool, addresses: [String], time: String) {
        self.vantage = vantage
        self.program = program
        self.captures = captures
        self.addresses = addresses
        self.time = time
    }
}

/// What is asked of a vantage. Exactly one of the plans is there.
public struct VantageRequest: Codable, Sendable, Equatable {
    /// Tells the answers apart.
    public var id: Int
    /// Make a probe.
    public var probe: ProbePlan?
    /// Climb a ladder.
    public var ladder: LadderPlan?
    /// Begin to watch; the answer comes when `endWatch` asks for it, or its time is over.
    public var watch: WatchPlan?
    /// End the watch of that name.
    public var endWatch: String?
    /// Look at the host.
    public var host: HostPlan?
    /// Tell the time.
    public var time: Bool?

    /// A request for nothing yet.
    public init(id: Int) { self.id = id }
}

/// What a vantage answers: one of the records, or why not. A watch is answered twice: `began`, then its record.
public struct VantageAnswer: Codable, Sendable, Equatable {
    /// Why something was not done.
    public struct Refusal: Codable, Sendable, Equatable {
        /// The stable code, as `vantage.refused`.
        public var code: String
        /// What a person is told.
        public var says: String

        /// A refusal.
        public init(code: String, says: String) {
            self.code = code
            self.says = says
        }
    }

    /// The request's.
    public var id: Int
    /// Of a probe.
    public var probe: ProbeRecord?
    /// Of a ladder.
    public var ladder: LadderRecord?
    /// Of a watch.
    public var watch: WatchRecord?
    /// A watch has begun: what passes from now on is seen.
    public var began: Bool?
    /// Of a look at the host.
    public var host: HostRecord?
    /// The vantage's clock, RFC 3339 in UTC.
    public var time: String?
    /// Why not.
    public var refusal: Refusal?

    /// An answer with nothing in it yet.
    public init(id: Int) { self.id = id }
}
