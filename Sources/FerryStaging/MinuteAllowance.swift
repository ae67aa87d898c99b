internal import NIOCore

/// How much may be taken in a minute; what was taken comes back evenly.
struct MinuteAllowance {
    private let most: Double
    private var left: Double
    private var at: NIODeadline

    /// All of `most` is there at the beginning.
    init(_ most: Int, at now: NIODeadline) {
        self.most = Double(most)
        left = self.most
        at = now
    }

    /// Takes `amount`; false if there is not so much left.
    mutating func take(_ amount: Int, at now: NIODeadline) -> Bool {
        left = min(most, left + max(0, Double((now - at).nanoseconds)) / 60e9 * most)
        at = max(at, now)
        guard left >= Double(amount) else { return false }
        left -= Double(amount)
        return true
    }

    /// Puts back what was taken and not used.
    mutating func giveBack(_ amount: Int) { left = min(most, left + Double(amount)) }
}
