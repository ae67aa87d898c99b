public import FerryCore
internal import NIOCore

/// A rate budget in bytes on the wire, shared by the lanes of one event loop: a token bucket that holds five
/// milliseconds.
///
/// A byte of the stream costs its share of the packet's headers too: 52 bytes of IPv4 and TCP with timestamps for
/// every 1448 of payload. Headers of the link layer differ from link to link and are not counted.
public final class WireBudget {
    /// The rate that is never passed in any one second by more than 2 %.
    public let rate: BitRate
    private var tokens: Double
    private var lastRefill: NIODeadline
    private let mostTokens: Double

    /// Bytes of headers and payload of a full packet, for each byte of payload.
    static let wireBytesPerByte = (1448.0 + 52.0) / 1448.0

    /// A budget of `rate`.
    public init(rate: BitRate) {
        self.rate = rate
        mostTokens = max(rate.bytesPerSecond * 0.005, 2 * 1500)
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
