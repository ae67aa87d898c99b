public import FerryCore
internal import NIOCore

/// A rate budget in bytes on the wire, shared by the lanes of one event loop: a token bucket that holds six
/// milliseconds. Ten are enough to pass a second by one hundredth, and by as much again when the machine stands still for
/// a moment and the kernel's own pacing catches up.
///
/// A byte of the stream costs its share of the packet's headers too: 52 bytes of IPv4 and TCP with timestamps for
/// every 1448 of payload. Headers of the link layer differ from link to link and are not counted.
public final class WireBudget {
    /// The rate that is never passed in any one second by more than 2 %.
    public let rate: BitRate
    private var tokens: Double
    private var lastRefill: NIODeadline
    private let mostTokens: Double
    /// So many bytes of a stream are worth waking up for: four milliseconds of them, but at least two packets. What is
    /// given to the kernel at once leaves it spaced out all the same, by `SO_MAX_PACING_RATE`.
    let quantum: Int

    /// Bytes of headers and payload of a full packet, for each byte of payload.
    static let wireBytesPerByte = (1448.0 + 52.0) / 1448.0

    /// A budget of `rate`.
    public init(rate: BitRate) {
        self.rate = rate
        mostTokens = max(rate.bytesPerSecond * 0.006, 2 * 1500)
        quantum = max(Int(rate.bytesPerSecond * 0.004), 2 * 1448)
        tokens = 0
        lastRefill = .now()
    }

    /// How many bytes of a stream may be sent now.
    func allowance(at now: NIODeadline) -> Int {
        let elapsed = Double((now - lastRefill).nanoseconds) / 1e9
        lastRefill = now
        tokens = min(mostTokens, tokens + max(0, elapsed) * rate.bytesPerSecond)
        return max(0, Int(tokens / WireBudget.wireBytesPerByte))
    }

    /// Takes what `bytes` bytes of a stream cost.
    func spend(_ bytes: Int) { tokens -= Double(bytes) * WireBudget.wireBytesPerByte }

    /// How long until `bytes` bytes of a stream may be sent.
    func delay(for bytes: Int) -> TimeAmount {
        let missing = Double(bytes) * WireBudget.wireBytesPerByte - tokens
        return .nanoseconds(Int64(max(0.0002, missing / rate.bytesPerSecond) * 1e9))
    }
}
