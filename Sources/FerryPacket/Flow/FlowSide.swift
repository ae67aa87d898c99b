/// What one of the two ends of a flow sent.
public struct FlowSide {
    /// Its address and port as the capture has them.
    public let end: FlowEnd
    var sequence = SequenceState()
    var roundTrips = RoundTrips()
    var seen = SeenBytes()
    var marks = MarkCounts()

    /// How many packets it sent.
    public internal(set) var packets = 0
    /// The length of those packets with their IP headers, in bytes.
    public internal(set) var ipBytes = 0
    /// How many bytes of data those had, each time that they were sent.
    public internal(set) var payloadBytes = 0
    /// How many bytes of data were new.
    public internal(set) var newBytes = 0
    /// How many packets had data.
    public internal(set) var dataPackets = 0
    /// The most data that one packet had, in bytes.
    public internal(set) var largestPayload = 0
    /// How many SYNs, with or without ACK.
    public internal(set) var synCount = 0
    /// How many FINs.
    public internal(set) var finCount = 0
    /// How many RSTs.
    public internal(set) var rstCount = 0
    /// How many packets came with a mark of congestion, by ECN.
    public internal(set) var congestionMarks = 0
    /// How many segments told of data that came twice.
    public internal(set) var duplicateReports = 0
    /// The first SYN's options and window.
    public internal(set) var opening: Opening?
    /// The times to live of its packets but RSTs and FINs.
    public internal(set) var timesToLive: ClosedRange<UInt8>?
    /// The identification of its last packet but RSTs, and whether they count up.
    var identification = IdentificationTrend()
    /// Its smallest and largest window after the handshake, in bytes; as written if it is not known how to shift it.
    public internal(set) var windows: ClosedRange<Int>?
    var zeroWindowSince: PacketTime?
    /// How long its window was zero, in nanoseconds.
    public internal(set) var zeroWindowTime: Int64 = 0
    /// The sequence number after the highest data it sent.
    var highestEnd: UInt32?
    /// How often it sent again since the peer last acknowledged something new, and the most data in one of those.
    var repeatsUnanswered = 0
    var largestUnanswered = 0
    /// The most data in a segment that was acknowledged, in bytes, as far as it can be told.
    var largestAnswered = 0

    /// What a SYN says of its sender.
    public struct Opening {
        /// The initial sequence number.
        public var sequence: UInt32
        /// The window in bytes.
        public var window: UInt16
        /// The time to live.
        public var timeToLive: UInt8
        /// The flags, for ECN.
        public var flags: TCPFlags
        /// The options.
        public var options: TCPOptions
    }

    init(_ end: FlowEnd) { self.end = end }

    mutating func end(at time: PacketTime) {
        roundTrips.end()
        endZeroWindow(at: time)
    }

    mutating func endZeroWindow(at time: PacketTime) {
        guard let since = zeroWindowSince else { return }
        zeroWindowSince = nil
        // In a file whose times jump to and fro the sum could be beyond any number.
        zeroWindowTime = min(zeroWindowTime + max(0, time - since), PacketTime.latest.nanoseconds)
    }

    /// How often a mark was given to its segments.
    public func count(_ mark: SegmentMarks) -> Int { marks[mark] }

    /// How many segments were sent again, for whatever reason.
    public var retransmissions: Int {
        marks[.retransmission] + marks[.fastRetransmission] + marks[.spuriousRetransmission]
    }
}

/// How the identifications of a sender's packets go on, as far as one number and a count tell.
struct IdentificationTrend {
    private(set) var last: UInt16?
    private(set) var steps = 0
    private(set) var smallSteps = 0
    /// A host that counts for all its connections is seldom more than that ahead.
    private static let smallStep: UInt16 = 512

    mutating func add(_ identification: UInt32) {
        let number = UInt16(truncatingIfNeeded: identification)
        if let last, number != 0 || last != 0 {
            steps &+= 1
            if number &- last <= IdentificationTrend.smallStep { smallSteps &+= 1 }
        }
        last = number
    }

    /// Whether this number does not go on with the others, though those count up.
    func isBroken(by identification: UInt32) -> Bool {
        let number = UInt16(truncatingIfNeeded: identification)
        guard let last, steps >= 4, smallSteps * 10 >= steps * 9, number != 0 else { return false }
        return number &- last > IdentificationTrend.smallStep && last &- number > IdentificationTrend.smallStep
    }
}
