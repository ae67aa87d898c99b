/// Takes TCP options out of handshakes, as some firewalls and accelerators do.
final class OptionStripper: Middlebox {
    struct Settings: Sendable, Equatable {
        /// Options by their numbers.
        static let known: [String: UInt8] = ["mss": 2, "window-scale": 3, "sack": 4, "timestamps": 8]

        var match = SegmentMatch()
        var options: Set<UInt8> = []
        /// Whether requests are changed, and whether answers are.
        var inRequests = true
        var inAnswers = true
    }

    private let settings: Settings

    init(_ settings: Settings) { self.settings = settings }

    func meet(_ packet: MetPacket, _ forged: inout ForgedPackets) -> MiddleboxVerdict {
        guard let segment = packet.segment, settings.match.holds(for: FlowKey(segment, packet.way)),
            (segment.isRequest && settings.inRequests) || (segment.isAnswer && settings.inAnswers)
        else { return .passes }
        segment.strip(settings.options)
        return .passes
    }
}
