internal import FerryPacket

/// Collects of a connection what a report shows.
struct FlowExcerpt {
    private var flow: CapturedFlow
    private var sequence: TimeSequence
    private let isClients: Bool
    private let endNumber: Int?
    private var bases: (client: UInt32?, server: UInt32?)
    private var following = 0

    /// Packets that are shown before the end, and after it.
    private static let shown = (before: 12, after: 8)

    init(_ flow: Flow) {
        let ending = flow.ending.map { one in
            CapturedFlow.Ending(
                isFromClient: one.isClient,
                isReset: one.kind != .fin,
                after: one.time - flow.start,
                timeToLive: one.timeToLive,
                usual: one.isClient ? flow.client.timesToLive : flow.server.timesToLive
            )
        }
        endNumber = flow.ending?.number
        bases = (flow.client.opening?.sequence, flow.server.opening?.sequence)
        isClients = flow.client.newBytes >= flow.server.newBytes
        sequence = TimeSequence(flow: flow.number)
        sequence.flow(flow)
        self.flow = CapturedFlow(
            client: "\(flow.client.end)",
            server: "\(flow.server.end)",
            start: flow.start,
            duration: max(0, flow.duration),
            packets: flow.packets,
            troubles: flow.troubles,
            ending: ending,
            excerpt: [],
            before: 0,
            after: 0,
            sequence: nil
        )
    }

    mutating func take(_ packet: FlowTable.TakenPacket, _ captured: CapturedPacket) {
        let segment = packet.segment
        let base = (packet.isFromClient ? bases.client : bases.server) ?? segment.sequence
        if packet.isFromClient { bases.client = base } else { bases.server = base }
        let relative = Int(Int32(bitPattern: segment.sequence &- base))
        sequence.take(packet, at: captured.time)
        let isPast = endNumber.map { captured.number > $0 } ?? false
        if isPast {
            following += 1
            guard following <= FlowExcerpt.shown.after else {
                flow.after += 1
                return
            }
        }
        flow.excerpt.append(
            CapturedFlow.Segment(
                number: captured.number,
                time: captured.time,
                isFromClient: packet.isFromClient,
                flags: segment.flags,
                sequence: relative,
                length: segment.payloadLength,
                timeToLive: packet.header.timeToLive,
                identification: packet.header.identification,
                marks: packet.marks.names
            )
        )
        if !isPast, flow.excerpt.count > FlowExcerpt.shown.before {
            flow.excerpt.removeFirst()
            flow.before += 1
        }
    }

    /// The connection with all that was taken.
    var finished: CapturedFlow {
        var flow = flow
        let points = sequence.points(ofClient: isClients)
        if points.contains(where: { $0.kind == .data }) {
            flow.sequence = CapturedFlow.Sequence(isOfClient: isClients, points: points)
        }
        return flow
    }
}
