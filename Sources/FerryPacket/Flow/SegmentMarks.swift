/// What one segment means where it stands in its flow. The names and rules are those of Wireshark 4.0's sequence
/// analysis, so that people and tools mean the same.
public struct SegmentMarks: OptionSet, Hashable, Sendable {
    /// One bit for each.
    public var rawValue: UInt16

    /// The marks with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Sent again after a timeout, as far as can be told.
    public static let retransmission = SegmentMarks(rawValue: 1 << 0)
    /// Sent again within 20 ms of at least two duplicate acknowledgements.
    public static let fastRetransmission = SegmentMarks(rawValue: 1 << 1)
    /// Sent again though it was acknowledged.
    public static let spuriousRetransmission = SegmentMarks(rawValue: 1 << 2)
    /// Came after what follows it, sooner than a retransmission could.
    public static let outOfOrder = SegmentMarks(rawValue: 1 << 3)
    /// Something before it was not captured, or has not come yet.
    public static let gap = SegmentMarks(rawValue: 1 << 4)
    /// Acknowledges what was not captured.
    public static let acknowledgesUnseen = SegmentMarks(rawValue: 1 << 5)
    /// Acknowledges again what the one before did.
    public static let duplicateAcknowledgement = SegmentMarks(rawValue: 1 << 6)
    /// Its sender takes nothing at present.
    public static let zeroWindow = SegmentMarks(rawValue: 1 << 7)
    /// Asks whether the window is still zero.
    public static let zeroWindowProbe = SegmentMarks(rawValue: 1 << 8)
    /// Answers that it is.
    public static let zeroWindowProbeAnswer = SegmentMarks(rawValue: 1 << 9)
    /// Fills the peer's window.
    public static let windowFull = SegmentMarks(rawValue: 1 << 10)
    /// Only tells a new window.
    public static let windowUpdate = SegmentMarks(rawValue: 1 << 11)
    /// Asks whether the peer is there.
    public static let keepAlive = SegmentMarks(rawValue: 1 << 12)
    /// Answers that it is.
    public static let keepAliveAnswer = SegmentMarks(rawValue: 1 << 13)
    /// Opens a connection with the addresses and ports of an earlier one.
    public static let reusedPorts = SegmentMarks(rawValue: 1 << 14)

    /// All kinds of repeated data, whatever the reason.
    public static let anyRetransmission: SegmentMarks = [.retransmission, .fastRetransmission, .spuriousRetransmission]
}

extension SegmentMarks {
    /// Each mark with its name in JSON and Wireshark's field below `tcp.analysis`.
    static let names: [(mark: SegmentMarks, name: String, field: String)] = [
        (.retransmission, "retransmission", "retransmission"),
        (.fastRetransmission, "fastRetransmission", "fast_retransmission"),
        (.spuriousRetransmission, "spuriousRetransmission", "spurious_retransmission"),
        (.outOfOrder, "outOfOrder", "out_of_order"),
        (.gap, "gap", "lost_segment"),
        (.acknowledgesUnseen, "acknowledgesUnseen", "ack_lost_segment"),
        (.duplicateAcknowledgement, "duplicateAcknowledgement", "duplicate_ack"),
        (.zeroWindow, "zeroWindow", "zero_window"),
        (.zeroWindowProbe, "zeroWindowProbe", "zero_window_probe"),
        (.zeroWindowProbeAnswer, "zeroWindowProbeAnswer", "zero_window_probe_ack"),
        (.windowFull, "windowFull", "window_full"),
        (.windowUpdate, "windowUpdate", "window_update"),
        (.keepAlive, "keepAlive", "keep_alive"),
        (.keepAliveAnswer, "keepAliveAnswer", "keep_alive_ack"),
        (.reusedPorts, "reusedPorts", "reused_ports"),
    ]

    /// The names of the marks in JSON, in a fixed order.
    public var names: [String] { SegmentMarks.names.filter { contains($0.mark) }.map(\.name) }
}

/// How often each mark was given.
struct MarkCounts {
    private var counts = InlineArray<15, UInt32>(repeating: 0)

    mutating func add(_ marks: SegmentMarks) {
        var rest = marks.rawValue
        while rest != 0 {
            let bit = rest.trailingZeroBitCount
            counts[bit] &+= 1
            rest &= rest - 1
        }
    }

    /// How often this one mark was given.
    subscript(mark: SegmentMarks) -> Int { Int(counts[mark.rawValue.trailingZeroBitCount]) }
}
