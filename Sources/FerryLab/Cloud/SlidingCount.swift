internal import FerryCore

/// How much came within a time that slides along, in sixteen parts of it.
struct SlidingCount {
    private var parts = [Int](repeating: 0, count: 16)
    private var newest: UInt64 = 0

    /// Counts `amount` in.
    /// - Returns: what came within `window` up to `now`, exact to a sixteenth of it.
    mutating func add(_ amount: Int, at now: UInt64, within window: Duration) -> Int {
        let part = now / max(1, window.nanoseconds / UInt64(parts.count))
        if part > newest {
            for step in 1...min(UInt64(parts.count), part - newest) {
                parts[Int((newest + step) % UInt64(parts.count))] = 0
            }
            newest = part
        }
        parts[Int(newest % UInt64(parts.count))] += amount
        return parts.reduce(0, +)
    }
}
