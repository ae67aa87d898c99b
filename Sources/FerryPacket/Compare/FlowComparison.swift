/// One flow as both captures show it.
public struct FlowComparison {
    /// The flow in the first capture.
    public var left: Flow
    /// The flow in the second.
    public var right: Flow
    /// By what the two were found to be one: `sequenceNumbers`, `timestamps`, `ends` or `content`.
    public var basis: String
    /// Whether the first capture is the one nearer to the client.
    public var isLeftAtClient: Bool
    /// What the second capture's clock is ahead of the first's, in nanoseconds; nil if nothing was matched.
    public var clockDifference: Int64?
    /// How far that may be off, in nanoseconds; nil if packets of only one direction were matched.
    public var clockUncertainty: Int64?
    /// Whether both ends have connections of their own: something on the way ends each of them.
    public var isTerminated = false
    /// Whether sequence numbers are rewritten on the way.
    public var rewritesSequence = false
    /// As whom the client is known too in one of the captures, where its address changed in the midst.
    public internal(set) var alsoAs: [FlowEnd] = []
    /// What became of the client's packets.
    public var toServer: DirectionComparison
    /// What became of the server's.
    public var toClient: DirectionComparison

    /// Whether the client's address or port is another at the other capture.
    public var translatesClient: Bool { left.client.end != right.client.end }
    /// Whether the server's is.
    public var translatesServer: Bool { left.server.end != right.server.end }

    /// Compares two recordings of one flow, of captures that ran at these times.
    init(
        _ left: CaptureRecording.RecordedFlow,
        _ right: CaptureRecording.RecordedFlow,
        basis: FlowPairing.Basis,
        leftRan: ClosedRange<PacketTime>,
        rightRan: ClosedRange<PacketTime>
    ) {
        self.left = left.flow
        self.right = right.flow
        self.basis = basis.rawValue
        let isLeftAtClient = FlowComparison.isAtClient(left.flow, right.flow)
        self.isLeftAtClient = isLeftAtClient
        let (near, far) = isLeftAtClient ? (left, right) : (right, left)
        let (nearRan, farRan) = isLeftAtClient ? (leftRan, rightRan) : (rightRan, leftRan)
        let client = FlowComparison.shift(near.flow.client.opening, far.flow.client.opening)
        let server = FlowComparison.shift(near.flow.server.opening, far.flow.server.opening)
        rewritesSequence = client != 0 || server != 0
        isTerminated = rewritesSequence && basis == .content && client != 0 && server != 0
        let serverShift = SegmentMatching.Shift(sequence: client, acknowledgement: server)
        // What the client receives was sent with the far numbers.
        let clientShift = SegmentMatching.Shift(sequence: 0 &- server, acknowledgement: 0 &- client)
        var up = SegmentMatching(sent: near.fromClient, arrived: far.fromClient, shift: serverShift)
        var down = SegmentMatching(sent: far.fromServer, arrived: near.fromServer, shift: clientShift)
        let clock = FlowComparison.clock(up.leastDifference, down.leastDifference)
        clockDifference = clock.map { isLeftAtClient ? $0.difference : -$0.difference }
        clockUncertainty = clock?.uncertainty
        let difference = clock?.difference ?? 0
        let leastUp = up.leastDifference ?? difference + (clock?.uncertainty ?? 0)
        let leastDown = down.leastDifference ?? (clock?.uncertainty ?? 0) - difference
        up.match(leastDifference: leastUp)
        down.match(leastDifference: leastDown)
        up.forgiveRecutting(shift: serverShift)
        down.forgiveRecutting(shift: clientShift)
        toServer = DirectionComparison(
            up,
            ComparedEnds(
                sent: near.fromClient,
                arrived: far.fromClient,
                clockDifference: difference,
                leastTransit: max(0, leastUp - difference),
                senderRan: nearRan,
                receiverRan: farRan,
                sawStart: near.flow.client.opening != nil
            )
        )
        toClient = DirectionComparison(
            down,
            ComparedEnds(
                sent: far.fromServer,
                arrived: near.fromServer,
                clockDifference: -difference,
                leastTransit: max(0, leastDown + difference),
                senderRan: farRan,
                receiverRan: nearRan,
                sawStart: far.flow.server.opening != nil
            )
        )
    }

    /// Packets of the client have passed fewer routers near to it. If none tell, the round trip of the handshake does:
    /// near to the server it is short.
    private static func isAtClient(_ left: Flow, _ right: Flow) -> Bool {
        if let first = left.client.timesToLive?.upperBound, let second = right.client.timesToLive?.upperBound,
            first != second
        {
            return first > second
        }
        if let first = left.server.timesToLive?.upperBound, let second = right.server.timesToLive?.upperBound,
            first != second
        {
            return first < second
        }
        return (left.serverRoundTrip ?? 0) >= (right.serverRoundTrip ?? 0)
    }

    private static func shift(_ near: FlowSide.Opening?, _ far: FlowSide.Opening?) -> UInt32 {
        guard let near, let far else { return 0 }
        return far.sequence &- near.sequence
    }

    /// From the least times of both directions: what they have in common is the way, what they differ by the clocks.
    private static func clock(_ up: Int64?, _ down: Int64?) -> (difference: Int64, uncertainty: Int64?)? {
        switch (up, down) {
        case (let up?, let down?): ((up - down) / 2, abs(up + down) / 2)
        case (let up?, nil): (up, nil)
        case (nil, let down?): (-down, nil)
        case (nil, nil): nil
        }
    }
}
