internal import FerryCore

/// What an anti-DDoS cleaner asks of an address that it has not seen: to ask again, or to react as TCP does.
final class SourceCheck: Middlebox {
    struct Settings: Sendable, Equatable {
        /// How it is asked.
        enum Question: String, CaseIterable, Sendable {
            /// Its first request is dropped.
            case firstDrop = "first-drop"
            /// Its first request is answered with a wrong acknowledgement, which a real host answers with a reset.
            case safeReset = "safe-reset"
        }

        var match = SegmentMatch()
        var question = Question.firstDrop
        /// How long it is remembered.
        var memory = Duration.seconds(60)
    }

    private let settings: Settings
    private var known = BoundedMemory<IPv4Address, UInt64>()
    private var asked: Set<FlowKey> = []

    init(_ settings: Settings) { self.settings = settings }

    func meet(_ packet: MetPacket, _ forged: inout ForgedPackets) -> MiddleboxVerdict {
        guard let segment = packet.segment, packet.way == .forward else { return .passes }
        let key = FlowKey(segment, .forward)
        guard settings.match.holds(for: key) else { return .passes }
        if settings.question == .safeReset, segment.flags.contains(.rst), asked.remove(key) != nil {
            known[key.near] = packet.now + settings.memory.nanoseconds
            return .ends
        }
        guard segment.isRequest else { return .passes }
        if let until = known[key.near], until > packet.now { return .passes }
        switch settings.question {
        case .firstDrop: known[key.near] = packet.now + settings.memory.nanoseconds
        case .safeReset:
            if asked.count > 10_000 { asked.removeAll() }
            asked.insert(key)
            forged.add(
                ForgedSegment(
                    source: key.far,
                    sourcePort: key.farPort,
                    destination: key.near,
                    destinationPort: key.nearPort,
                    sequence: segment.sequence ^ 0x5A5A_5A5A,
                    acknowledgement: segment.sequence &+ 0x0100_0000,
                    flags: [.syn, .ack],
                    window: 0
                ),
                .back
            )
        }
        return .ends
    }
}
