internal import FerryCore

/// Lets each connection have its own rate, from its near end: what comes faster waits.
final class FlowShaper: Middlebox {
    struct Settings: Sendable, Equatable {
        var match = SegmentMatch()
        var rate = BitRate(bitsPerSecond: 10_000_000)
        /// How many bytes of a connection wait at most.
        var queue = 256 << 10
    }

    private let settings: Settings
    private var busyUntil = BoundedMemory<FlowKey, UInt64>()

    init(_ settings: Settings) { self.settings = settings }

    func meet(_ packet: MetPacket, _ forged: inout ForgedPackets) -> MiddleboxVerdict {
        guard packet.way == .forward, let segment = packet.segment else { return .passes }
        let key = FlowKey(segment, .forward)
        guard settings.match.holds(for: key) else { return .passes }
        let perByte = 1e9 / settings.rate.bytesPerSecond
        let start = max(packet.now, busyUntil[key] ?? 0)
        guard Double(start - packet.now) / perByte <= Double(settings.queue) else { return .ends }
        let end = start + UInt64(Double(packet.bytes.count) * perByte)
        busyUntil[key] = end
        return .held(end - packet.now)
    }
}
