internal import FerryEvidence
internal import Glibc

/// Looks at what the kernel says of a connection, ten times a second, and keeps the last word before its death.
struct KernelWatch {
    private let clock: ProbeClock
    private let patience: UInt64
    var descriptor: Int32 = -1
    /// Whether there is something to look at.
    var isOpen = false
    /// Whether something that was sent has to be acknowledged in time.
    var expectsProgress = false
    /// Requests that were sent again during the handshake.
    var requestsAgain = 0
    private(set) var samples: [TCPFacts] = []
    private(set) var last: TCPFacts?
    private(set) var acknowledged: Int?
    /// The longest time in which nothing was acknowledged though something was to be, in nanoseconds.
    private(set) var longestStall: UInt64 = 0
    /// When the next look is due.
    private(set) var next: UInt64 = 0
    private var lastProgress: UInt64 = 0
    private var waiting = 0

    private static let cadence: UInt64 = 100_000_000
    /// A minute of change; what changes nothing is not kept.
    private static let mostSamples = 600
    /// TCP_SYN_SENT: nobody has answered.
    private static let requesting = 2
    /// TCP_CLOSE: what was in flight has been forgotten.
    private static let closed = 7

    init(clock: ProbeClock, stallSeconds: Double) {
        self.clock = clock
        patience = ProbeClock.nanoseconds(stallSeconds)
    }

    /// Looks if it is time to. Returns whether nothing was acknowledged for too long.
    mutating func tick(_ now: UInt64) -> Bool {
        guard now >= next else { return false }
        next = now + KernelWatch.cadence
        guard isOpen else { return false }
        look()
        return expectsProgress && hasStalled(now)
    }

    /// Looks now.
    @discardableResult
    mutating func look() -> TCPFacts? {
        guard isOpen, let facts = TCPFacts(descriptor, seconds: clock.seconds) else { return nil }
        if let bytes = facts.bytesAcknowledged, bytes > (acknowledged ?? -1) { acknowledged = bytes }
        if let last, facts.isSame(as: last) { return facts }
        if samples.count < KernelWatch.mostSamples { samples.append(facts) }
        if facts.state != KernelWatch.closed || last == nil { last = facts }
        return facts
    }

    /// Whether the handshake is done, whatever came after it. A kernel that does not tell is believed to have said so by waking.
    var isConnected: Bool {
        guard let facts = TCPFacts(descriptor, seconds: clock.seconds) else { return true }
        return facts.state != KernelWatch.requesting && facts.state != KernelWatch.closed
    }

    /// Takes the last look.
    mutating func close() {
        look()
        isOpen = false
    }

    /// Bytes that the socket has taken and nobody has acknowledged.
    var outstanding: Int {
        var count: Int32 = 0
        return ioctl(descriptor, UInt(TIOCOUTQ), &count) == 0 ? Int(count) : 0
    }

    /// From now on what is sent has to be acknowledged in time.
    mutating func expectProgress() {
        expectsProgress = true
        lastProgress = clock.now
        waiting = 0
    }

    private mutating func hasStalled(_ now: UInt64) -> Bool {
        let count = outstanding
        let moved = acknowledged ?? -count
        defer { waiting = moved }
        guard count > 0, moved <= waiting || lastProgress == 0 else {
            lastProgress = now
            return false
        }
        longestStall = max(longestStall, now - lastProgress)
        return now - lastProgress >= patience
    }
}
