internal import NIOCore

/// Chooses the zstd level: as low as it takes to keep the link busy, and higher only while the link is what limits and
/// the processor has time to spare.
struct LevelChoice {
    private(set) var level = 1
    /// Whether the link was what limited in the last window.
    private(set) var linkLimits = false
    private var heldBackSince: NIODeadline?
    private var heldBack = 0.0
    private var windowStart = NIODeadline.now()
    private static let window = TimeAmount.milliseconds(500)
    private static let highest = 9

    /// Notes whether packed content waits for the link (`true`) or the link for content.
    mutating func note(linkIsFull: Bool, at now: NIODeadline) {
        if let since = heldBackSince, !linkIsFull {
            heldBack += Double((now - since).nanoseconds)
            heldBackSince = nil
        } else if heldBackSince == nil, linkIsFull {
            heldBackSince = now
        }
        guard now - windowStart >= LevelChoice.window else { return }
        if let since = heldBackSince {
            heldBack += Double((now - since).nanoseconds)
            heldBackSince = now
        }
        let share = heldBack / Double((now - windowStart).nanoseconds)
        linkLimits = share > 0.6
        // Half of the time held back: one level costs up to half as much processor time again, and there is that much.
        if share > 0.6, level < LevelChoice.highest { level += 1 }
        if share < 0.25, level > 1 { level -= 1 }
        windowStart = now
        heldBack = 0
    }
}
