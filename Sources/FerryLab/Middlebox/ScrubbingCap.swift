internal import FerryCore

/// A cloud's scrubbing: once more comes for one destination than its threshold, it is let pass only at a low rate, until
/// some time after the load has gone. (Cloud providers state their thresholds per address, in bits per second.)
final class ScrubbingCap: Middlebox {
    struct Settings: Sendable, Equatable {
        var threshold = BitRate(bitsPerSecond: 20_000_000)
        /// What is let pass while it lasts.
        var cap = BitRate(bitsPerSecond: 1_000_000)
        /// How long after the last second above the threshold it lasts.
        var lasts = Duration.seconds(60)
    }

    /// What the records call it.
    static let policy = "scrubbing"

    private struct Load {
        var second: UInt64 = 0
        var bytes = 0
        var scrubbedUntil: UInt64 = 0
        var tokens = 0.0
        var tokensAt: UInt64 = 0
    }

    private let settings: Settings
    private let ledger: CloudLedger
    private var loads = BoundedMemory<IPv4Address, Load>()
    /// The load is measured over so many nanoseconds.
    private static let window: UInt64 = 500_000_000

    init(_ settings: Settings, _ ledger: CloudLedger) {
        self.settings = settings
        self.ledger = ledger
    }

    func meet(_ packet: MetPacket, _ forged: inout ForgedPackets) -> MiddleboxVerdict {
        guard packet.way == .forward, let segment = packet.segment else { return .passes }
        let (now, destination) = (packet.now, segment.destination)
        var load = loads[destination] ?? Load()
        defer { loads[destination] = load }
        if now - load.second > ScrubbingCap.window {
            load.second = now
            load.bytes = 0
        }
        load.bytes += packet.bytes.count
        let most = settings.threshold.bytesPerSecond * Double(ScrubbingCap.window) / 1e9
        if Double(load.bytes) > most {
            if load.scrubbedUntil <= now { load.tokensAt = now }
            load.scrubbedUntil = now + settings.lasts.nanoseconds
            ledger.noteScrubbing(destination, lasting: settings.lasts, threshold: settings.threshold)
        }
        guard load.scrubbedUntil > now else { return .passes }
        let burst = max(3000, settings.cap.bytesPerSecond / 20)
        load.tokens = min(
            burst,
            load.tokens + Double(now - load.tokensAt) / 1e9 * settings.cap.bytesPerSecond
        )
        load.tokensAt = now
        guard load.tokens >= Double(packet.bytes.count) else { return .ends }
        load.tokens -= Double(packet.bytes.count)
        return .passes
    }
}
