/// How a middlebox ends a connection.
enum FlowEnding: String, CaseIterable, Sendable {
    /// Nothing passes any more, and nobody is told.
    case drop
    /// Both ends, or one, get a reset.
    case reset
    /// Both ends, or one, get a FIN.
    case close

    /// Which ends are told.
    enum Told: String, CaseIterable, Sendable {
        case near
        case far
        case both
    }

    /// Writes what the ends are told when `segment`, which does not pass, is where the connection ends.
    func tell(
        _ told: Told,
        of segment: TCPSegment,
        _ way: Line.Way,
        _ flow: Flow,
        timeToLive: UInt8 = 64,
        _ forged: inout ForgedPackets
    ) {
        guard self != .drop else { return }
        // What each end waits for: the sender of the segment waits for what it acknowledges, the other for it.
        let key = FlowKey(segment, way)
        let (fromFar, fromNear) =
            way == .forward ? (segment.acknowledgement, segment.sequence) : (segment.sequence, segment.acknowledgement)
        // A close tells also what has arrived, as any FIN of a connection.
        let flags: TCPSegment.Flags = self == .close ? [.fin, .ack] : [.rst, .ack]
        if told != .far {
            if segment.isRequest {
                forged.add(FlowEnding.refusal(of: segment, timeToLive: timeToLive), .back)
            } else {
                let arrived = way == .forward ? segment.sequence : flow.nearNext
                forged.add(
                    ForgedSegment(
                        source: key.far,
                        sourcePort: key.farPort,
                        destination: key.near,
                        destinationPort: key.nearPort,
                        sequence: fromFar,
                        acknowledgement: arrived,
                        flags: flags,
                        timeToLive: timeToLive
                    ),
                    .back
                )
            }
        }
        if told != .near, flow.isAnswered {
            forged.add(
                ForgedSegment(
                    source: key.near,
                    sourcePort: key.nearPort,
                    destination: key.far,
                    destinationPort: key.farPort,
                    sequence: fromNear,
                    acknowledgement: way == .forward ? segment.acknowledgement : flow.farNext,
                    flags: flags,
                    timeToLive: timeToLive
                ),
                .forward
            )
        }
    }

    /// What a host without a listener answers a request with: RFC 9293, section 3.10.7.1.
    static func refusal(of request: TCPSegment, timeToLive: UInt8) -> ForgedSegment {
        ForgedSegment(
            source: request.destination,
            sourcePort: request.destinationPort,
            destination: request.source,
            destinationPort: request.sourcePort,
            sequence: 0,
            acknowledgement: request.next,
            flags: [.rst, .ack],
            timeToLive: timeToLive
        )
    }
}
