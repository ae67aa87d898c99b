internal import FerryCore
internal import NIOCore

/// How much the clients of the HTTP service may send, all of them together, to have it thrown away: nobody knows who they
/// are, and what they send is read on the event loop of the lanes.
struct DiscardingAllowance {
    /// The most bytes of a body: twice as much as a diagnosis sends at a time.
    static let longestBody = 16 << 20
    /// What comes in one minute: as much as one agent may measure, and some tens of thousands of small reads.
    static let bytesPerMinute = 64 << 20
    /// So many bodies come at a time: those of one diagnosis, and of one or two that are made beside it.
    static let mostAtATime = 4

    private var bytes = MinuteAllowance(DiscardingAllowance.bytesPerMinute, at: .now())
    private var underWay = 0

    /// A body of `length` bytes begins to come.
    /// - Throws: `FerryError` with `measuredEnough` if it shall not.
    mutating func begin(_ length: Int, at now: NIODeadline) throws(FerryError) {
        guard underWay < DiscardingAllowance.mostAtATime else { throw .tooManyDiscarded }
        guard bytes.take(length, at: now) else { throw .tooMuchDiscarded }
        underWay += 1
    }

    /// A body has come, but for `missing` bytes: whoever only says that it will send does not use up what others may.
    mutating func end(missing: Int) {
        underWay -= 1
        bytes.giveBack(missing)
    }
}
