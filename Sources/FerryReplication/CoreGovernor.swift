internal import Glibc
internal import NIOCore

/// Keeps the agent within the processor time it was given, over windows of a quarter of a second.
struct CoreGovernor {
    private let cores: Double
    private var windowStart: NIODeadline
    private var usedAtStart: Double
    private static let window = 0.25

    init(cores: Int) {
        self.cores = Double(cores)
        windowStart = .now()
        usedAtStart = CoreGovernor.used()
    }

    /// How long to start nothing new.
    mutating func pause(at now: NIODeadline) -> TimeAmount {
        let elapsed = Double((now - windowStart).nanoseconds) / 1e9
        let used = CoreGovernor.used() - usedAtStart
        let ahead = used / cores - elapsed
        if ahead > 0.01 { return .nanoseconds(Int64(ahead * 1e9)) }
        if elapsed > CoreGovernor.window {
            windowStart = now
            usedAtStart = CoreGovernor.used()
        }
        return .zero
    }

    /// Seconds of processor time that the process has used.
    static func used() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
