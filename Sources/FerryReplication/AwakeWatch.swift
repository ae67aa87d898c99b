internal import NIOCore

/// Notices that the event loop did not run for a while: the process was stopped, the machine was suspended, or something
/// took too long. What nobody heard in that time, nobody was there to hear.
struct AwakeWatch {
    private var lastTick: NIODeadline
    /// Since when the loop has run without a gap.
    private(set) var since: NIODeadline
    /// Ticks come every second; so late is no chance.
    private static let longestGap = TimeAmount.seconds(5)

    init(at now: NIODeadline) {
        lastTick = now
        since = now
    }

    /// Notes a tick.
    /// - Returns: whether it came late.
    mutating func tick(at now: NIODeadline) -> Bool {
        defer { lastTick = now }
        guard now - lastTick > AwakeWatch.longestGap else { return false }
        since = now
        return true
    }
}
