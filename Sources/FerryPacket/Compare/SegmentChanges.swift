/// What was changed of a segment on its way.
public struct SegmentChanges: OptionSet, Hashable, Sendable {
    /// One bit for each.
    public var rawValue: UInt16

    /// The changes with these bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The data.
    public static let payload = SegmentChanges(rawValue: 1 << 0)
    /// The window.
    public static let window = SegmentChanges(rawValue: 1 << 1)
    /// The largest segment.
    public static let maximumSegment = SegmentChanges(rawValue: 1 << 2)
    /// The window's scale.
    public static let windowScale = SegmentChanges(rawValue: 1 << 3)
    /// An option was taken out.
    public static let optionRemoved = SegmentChanges(rawValue: 1 << 4)
    /// An option was put in.
    public static let optionAdded = SegmentChanges(rawValue: 1 << 5)
    /// The flags that do not open or end: PSH, URG, ECE, CWR.
    public static let flags = SegmentChanges(rawValue: 1 << 6)
    /// The services code point.
    public static let serviceCode = SegmentChanges(rawValue: 1 << 7)
    /// The ECN bits.
    public static let congestion = SegmentChanges(rawValue: 1 << 8)
    /// The identification.
    public static let identification = SegmentChanges(rawValue: 1 << 9)
    /// The way was of another length than that of most.
    public static let hops = SegmentChanges(rawValue: 1 << 10)

    private static let all: [(SegmentChanges, String)] = [
        (.payload, "payload"), (.window, "window"), (.maximumSegment, "maximumSegment"), (.windowScale, "windowScale"),
        (.optionRemoved, "optionRemoved"), (.optionAdded, "optionAdded"), (.flags, "flags"),
        (.serviceCode, "serviceCode"), (.congestion, "congestion"), (.identification, "identification"),
        (.hops, "hops"),
    ]

    /// The names of the changes in JSON, in a fixed order.
    public var names: [String] { SegmentChanges.all.filter { contains($0.0) }.map(\.1) }

    /// What differs between a segment as it was sent and as it arrived. `hops` is how many routers most passed.
    init(_ sent: RecordedSegment, _ arrived: RecordedSegment, hops: Int?) {
        self = []
        if sent.capturedPayload == arrived.capturedPayload, sent.payloadHash != arrived.payloadHash { insert(.payload) }
        if sent.window != arrived.window { insert(.window) }
        if sent.maximumSegment != arrived.maximumSegment { insert(.maximumSegment) }
        if sent.windowScale != arrived.windowScale { insert(.windowScale) }
        if sent.optionKinds & ~arrived.optionKinds != 0 { insert(.optionRemoved) }
        if arrived.optionKinds & ~sent.optionKinds != 0 { insert(.optionAdded) }
        if sent.flags != arrived.flags { insert(.flags) }
        if sent.service >> 2 != arrived.service >> 2 { insert(.serviceCode) }
        if sent.service & 3 != arrived.service & 3 { insert(.congestion) }
        if sent.identification != arrived.identification { insert(.identification) }
        if let hops, Int(sent.timeToLive) - Int(arrived.timeToLive) != hops { insert(.hops) }
    }
}
