/// A TCP connection as a line knows it: its near end is towards the source servers.
struct FlowKey: Hashable {
    var near: IPv4Address
    var nearPort: UInt16
    var far: IPv4Address
    var farPort: UInt16

    init(_ segment: TCPSegment, _ way: Line.Way) {
        switch way {
        case .forward:
            (near, nearPort) = (segment.source, segment.sourcePort)
            (far, farPort) = (segment.destination, segment.destinationPort)
        case .back:
            (near, nearPort) = (segment.destination, segment.destinationPort)
            (far, farPort) = (segment.source, segment.sourcePort)
        }
    }
}

/// What was seen of a connection.
struct Flow {
    /// When its first packet came, in nanoseconds of the line's clock.
    var began: UInt64
    /// When its last packet came.
    var seen: UInt64
    /// Bytes of content towards the far end.
    var bytes = 0
    /// What comes next from the near end, and from the far end.
    var nearNext: UInt32 = 0
    var farNext: UInt32 = 0
    /// The time to live and the identification of the last packet from the near end, and from the far end.
    var nearTimeToLive: UInt8 = 64
    var farTimeToLive: UInt8 = 64
    var nearIdentification: UInt16 = 0
    var farIdentification: UInt16 = 0
    /// The far end has answered the handshake.
    var isAnswered = false
    /// The near end has completed it.
    var isEstablished = false
    /// Each end has closed, or one has reset.
    var nearIsDone = false
    var farIsDone = false
    /// A middlebox has ended it: nothing passes any more.
    var isKilled = false

    /// A connection of which `segment` is the first that is seen, though not its first.
    init(_ segment: TCPSegment, _ way: Line.Way, at now: UInt64) {
        began = now
        seen = now
        isAnswered = true
        (nearNext, farNext) =
            way == .forward ? (segment.next, segment.acknowledgement) : (segment.acknowledgement, segment.next)
    }

    init(began: UInt64, seen: UInt64) {
        self.began = began
        self.seen = seen
    }

    var isOver: Bool { nearIsDone && farIsDone }

    /// What is sent again does not take back what was seen before.
    private static func later(_ known: UInt32, _ next: UInt32, isFirst: Bool) -> UInt32 {
        isFirst || Int32(bitPattern: next &- known) > 0 ? next : known
    }

    mutating func note(_ segment: TCPSegment, _ way: Line.Way, at now: UInt64) {
        seen = now
        let isDone = segment.flags.contains(.fin)
        if segment.flags.contains(.rst) {
            nearIsDone = true
            farIsDone = true
            return
        }
        switch way {
        case .forward:
            nearNext = Flow.later(nearNext, segment.next, isFirst: segment.isRequest)
            nearTimeToLive = segment.timeToLive
            nearIdentification = segment.identification
            nearIsDone = nearIsDone || isDone
            bytes += segment.payload.count
            if isAnswered, segment.flags.contains(.ack) { isEstablished = true }
        case .back:
            farNext = Flow.later(farNext, segment.next, isFirst: segment.isAnswer)
            farTimeToLive = segment.timeToLive
            farIdentification = segment.identification
            farIsDone = farIsDone || isDone
            if segment.isAnswer { isAnswered = true }
        }
    }
}

/// The connections that a middlebox has seen, at most some thousand: the longest unseen are forgotten first.
struct FlowTable {
    private static let most = 16_384
    private(set) var flows: [FlowKey: Flow] = [:]

    /// The connection; nil if nothing was seen of it.
    subscript(key: FlowKey) -> Flow? {
        get { flows[key] }
        set { flows[key] = newValue }
    }

    /// Notes a segment. A request for a connection begins it anew.
    /// - Returns: the connection, the segment counted in.
    @discardableResult
    mutating func note(_ segment: TCPSegment, _ way: Line.Way, at now: UInt64) -> Flow {
        let key = FlowKey(segment, way)
        var flow = flows[key] ?? Flow(began: now, seen: now)
        // One that comes again is no new one.
        if way == .forward, segment.isRequest, flow.isOver || flow.isEstablished { flow = Flow(began: now, seen: now) }
        flow.note(segment, way, at: now)
        flows[key] = flow
        if flows.count > FlowTable.most { forgetOldest() }
        return flow
    }

    mutating func forget(_ key: FlowKey) { flows[key] = nil }

    private mutating func forgetOldest() {
        let times = flows.values.map(\.seen).sorted()
        let limit = times[times.count / 4]
        flows = flows.filter { $0.value.seen > limit }
    }
}
