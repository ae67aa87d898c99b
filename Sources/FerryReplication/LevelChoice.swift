internal import NIOCore

/// Chooses the zstd level: as low as it takes to keep the link busy, and higher only while the link is what limits and
/// the processor has time to spare.
struct LevelChoice {
    private(set) var level = 1
    /// Whether the link was what limited in the last window.
    private(set) var linkLimits = false
    /// What share of one core the agent may come to for the sake of a higher level.
    private let mostProcessorShare: Double
    private var heldBackSince: NIODeadline?
    private var heldBack = 0.0
    private var windowStart: NIODeadline
    private var usedAtStart: Double
    private static let window = TimeAmount.milliseconds(500)
    private static let highest = 9
    /// Up to here a level costs little and saves most.
    private static let cheap = 3
    /// A link that was held up for less than this share of the time stood still for most of it.
    private static let starving = 0.05
    /// One level costs up to half as much processor time again.
    private static let costOfALevel = 1.5

    /// - Parameters:
    ///   - hasRateBudget: whether the link is slow because somebody wants it so, and wants to notice nothing of it.
    ///   - cores: cores that the agent may use.
    ///   - used: seconds of processor time that the process has used so far.
    init(hasRateBudget: Bool, cores: Int, used: Double, at now: NIODeadline) {
        mostProcessorShare = hasRateBudget ? 0.07 : 0.75 * Double(cores)
        windowStart = now
        usedAtStart = used
    }

    /// Notes whether packed content waits for the link (`true`) or the link for content.
    mutating func note(linkIsFull: Bool, used: @autoclosure () -> Double, at now: NIODeadline) {
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
        let length = Double((now - windowStart).nanoseconds)
        let used = used()
        choose(heldBackShare: heldBack / length, processorShare: (used - usedAtStart) * 1e9 / length)
        windowStart = now
        usedAtStart = used
        heldBack = 0
    }

    private mutating func choose(heldBackShare: Double, processorShare: Double) {
        linkLimits = heldBackShare > 0.6
        let mayCostMore =
            level < LevelChoice.cheap || processorShare * LevelChoice.costOfALevel < mostProcessorShare
        if linkLimits, level < LevelChoice.highest, mayCostMore { level += 1 }
        let costsTooMuch = level > LevelChoice.cheap && processorShare > mostProcessorShare
        if heldBackShare < LevelChoice.starving {
            // The link waits for content that is harder to pack than what went before: steps would take seconds.
            level = max(1, level / 2)
        } else if heldBackShare < 0.25 || costsTooMuch, level > 1 {
            level -= 1
        }
    }
}
