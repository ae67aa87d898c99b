/// What is needed to draw one flow's time-sequence diagram: where in the stream each segment lies, what was acknowledged,
/// and up to where the receiver would take more. Bounded: of a long flow fewer plain segments are kept.
public struct TimeSequence {
    struct Event {
        var time: PacketTime
        var isFromClient: Bool
        var flags: TCPFlags
        var marks: SegmentMarks
        /// The first number that the segment has, and the one after its last.
        var start: UInt32
        var end: UInt32
        var acknowledgement: UInt32
        var window: UInt32
        var blocks: [(UInt32, UInt32)]
    }

    /// More points than a picture has room for.
    private static let most = 40_000

    let number: Int
    private(set) var events: [Event] = []
    private(set) var client: FlowSide?
    private(set) var server: FlowSide?
    private(set) var start = PacketTime(nanoseconds: 0)
    private(set) var title = ""
    /// Of plain segments one of so many is kept.
    private(set) var thinning = 1
    private var plain = 0

    /// For the flow of this number.
    public init(flow: Int) { number = flow }

    /// Takes a packet of any flow.
    public mutating func take(_ packet: FlowTable.TakenPacket, at time: PacketTime) {
        guard packet.flow == number else { return }
        let segment = packet.segment
        let isPlain = packet.marks.isEmpty && segment.flags.isDisjoint(with: [.syn, .fin, .rst])
        if isPlain {
            plain += 1
            guard plain % thinning == 0 else { return }
        }
        events.append(
            Event(
                time: time,
                isFromClient: packet.isFromClient,
                flags: segment.flags,
                marks: packet.marks,
                start: segment.sequence,
                end: segment.sequence &+ segment.sequenceLength,
                acknowledgement: segment.acknowledgement,
                window: UInt32(segment.window),
                blocks: (0..<segment.options.sackBlockCount).map {
                    (segment.options.sackBlocks[$0].left, segment.options.sackBlocks[$0].right)
                }
            )
        )
        if events.count >= TimeSequence.most { thin() }
    }

    /// Tells what is known of the flow once it is over.
    public mutating func flow(_ flow: Flow) {
        client = flow.client
        server = flow.server
        start = flow.start
        title = "flow \(flow.number): \(flow.client.end) to \(flow.server.end), \(flow.connectionState)"
    }

    private mutating func thin() {
        thinning *= 2
        var kept = 0
        events = events.filter { event in
            let isPlain = event.marks.isEmpty && event.flags.isDisjoint(with: [.syn, .fin, .rst])
            kept += 1
            return kept % 2 == 0 || (!isPlain && thinning < 64)
        }
    }
}
