/// Requests with a rising time to live: who answers at which distance.
public struct LadderPlan: Codable, Sendable, Equatable {
    /// Its name, as `l1`.
    public var id: String
    /// The vantage that climbs.
    public var vantage: String
    /// The address to bind to.
    public var sourceAddress: String?
    /// A host name or address.
    public var host: String
    /// The port.
    public var port: UInt16
    /// What is sent at each step: `request` a handshake's; `payload` content on a connection that stands.
    public var sends: Sends
    /// The highest time to live.
    public var most: Int
    /// Seconds to wait for each answer.
    public var stepSeconds: Double
    /// What the service speaks, whose clients' words `payload` sends; nil guesses from what the service says first.
    public var speaks: ServiceProtocol?

    /// What is sent at each step.
    public enum Sends: String, Codable, Sendable {
        /// A handshake's request.
        case request
        /// Content on a connection that stands.
        case payload
    }

    /// A ladder to `host` at `port`.
    public init(id: String, vantage: String, host: String, port: UInt16, sends: Sends) {
        self.id = id
        self.vantage = vantage
        self.host = host
        self.port = port
        self.sends = sends
        most = 24
        stepSeconds = 0.6
    }
}

/// What it met.
public struct LadderRecord: Codable, Sendable, Equatable {
    /// One step.
    public struct Step: Codable, Sendable, Equatable {
        /// What came.
        public enum Answer: String, Codable, Sendable {
            /// Nothing.
            case silence
            /// ICMP time exceeded.
            case expired
            /// Another ICMP error.
            case unreachable
            /// The handshake was done, or the content acknowledged.
            case reached
            /// A RST.
            case reset
            /// A FIN.
            case closed
        }

        /// The time to live.
        public var timeToLive: Int
        /// What came.
        public var answer: Answer
        /// From whom, for an ICMP error.
        public var from: String?
        /// Its type, as of ``ICMPFacts``.
        public var type: Int?
        /// Its code.
        public var code: Int?
        /// The largest packet that goes on in bytes, where it tells.
        public var pathUnit: Int?
        /// The time to live that the error's own packet had left, as of ``ICMPFacts``.
        public var errorTimeToLive: Int?
        /// Bytes of the error's own packet, as of ``ICMPFacts``.
        public var errorBytes: Int?
        /// What the error quotes of what was sent.
        public var quoted: QuotedPacket?
        /// How many more errors came than requests were sent, where they are captured; nil if none.
        public var duplicates: Int?
        /// Whether it came when nobody waited for it any more, which takes a capture to see; nil if not.
        public var isLate: Bool?
        /// Seconds that it took.
        public var seconds: Double

        /// A step.
        public init(timeToLive: Int, answer: Answer, from: String?, seconds: Double) {
            self.timeToLive = timeToLive
            self.answer = answer
            self.from = from
            self.seconds = seconds
        }

        /// A step that was answered by `error`.
        public init(timeToLive: Int, error: ICMPFacts, seconds: Double) {
            let answer: Answer = error.meaning == .timeExceeded ? .expired : .unreachable
            self.init(timeToLive: timeToLive, answer: answer, from: error.from, seconds: seconds)
            take(error)
        }

        private mutating func take(_ error: ICMPFacts) {
            (type, code, pathUnit) = (error.type, error.code, error.pathUnit)
            (errorTimeToLive, errorBytes, quoted) = (error.timeToLive, error.bytes, error.quoted)
        }

        /// Adds what was captured of the errors that it has met: what the kernel has not told of the first, how many there were,
        /// and an answer that came too late.
        /// - Parameters:
        ///   - errors: all of them, in order, with seconds from when it was sent.
        ///   - requests: packets that were sent for it, repeats included.
        public mutating func add(captured errors: [ICMPFacts], requests: Int) {
            guard let first = errors.first else { return }
            if answer == .silence {
                self = Step(timeToLive: timeToLive, error: first, seconds: first.seconds)
                isLate = true
            } else if let known = errors.first(where: { $0.from == from && $0.type == type && $0.code == code }) {
                take(known)
            }
            let more = errors.count - max(1, requests)
            duplicates = more > 0 ? more : nil
        }
    }

    /// What was asked for.
    public var plan: LadderPlan
    /// When it started, RFC 3339 in UTC by the vantage's clock.
    public var startedAt: String
    /// The steps, in order.
    public var steps: [Step]
    /// Requests that were sent to the destination, in all.
    public var requests: Int
    /// What stands in the way at the vantage itself.
    public var vantageProblem: String?

    /// No steps yet.
    public init(_ plan: LadderPlan, startedAt: String) {
        self.plan = plan
        self.startedAt = startedAt
        steps = []
        requests = 0
    }
}
