internal import FerryCore

/// Lets nothing pass for a while, once or again and again: a line that is down and comes back.
final class Outage: Middlebox {
    struct Settings: Sendable, Equatable {
        var match: SegmentMatch?
        /// How long all is well first.
        var begins = Duration.zero
        /// How long nothing passes then.
        var lasts = Duration.seconds(20)
        /// After so long it begins again; nil if it does not.
        var every: Duration?
    }

    private let settings: Settings
    private let made: UInt64

    /// - Parameter now: when it is made, in nanoseconds of the line's clock.
    init(_ settings: Settings, at now: UInt64) {
        self.settings = settings
        made = now
    }

    func meet(_ packet: MetPacket, _ forged: inout ForgedPackets) -> MiddleboxVerdict {
        if let match = settings.match {
            guard let segment = packet.segment, match.holds(for: FlowKey(segment, packet.way)) else { return .passes }
        }
        var time = packet.now - made
        if let every = settings.every, every > .zero { time %= every.nanoseconds }
        guard time >= settings.begins.nanoseconds else { return .passes }
        return time - settings.begins.nanoseconds < settings.lasts.nanoseconds ? .ends : .passes
    }
}
