/// The middle of some numbers, and how far they lie apart.
struct Statistic: Codable, Equatable {
    var median: Double
    var lowest: Double
    var highest: Double
    var count: Int

    /// - Parameter numbers: at least one.
    init(_ numbers: [Double]) {
        let sorted = numbers.sorted()
        precondition(!sorted.isEmpty, "a statistic of nothing")
        let middle = sorted.count / 2
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        lowest = sorted[0]
        highest = sorted[sorted.count - 1]
        count = sorted.count
    }

    init?(of numbers: [Double?]) {
        let known = numbers.compactMap { $0 }
        guard !known.isEmpty else { return nil }
        self.init(known)
    }

    /// The median, and the range if there is one: `5.2 (5.0-5.9)`.
    func text(_ number: (Double) -> String) -> String {
        let middle = number(median)
        return count == 1 || number(lowest) == number(highest)
            ? middle : "\(middle) (\(number(lowest))-\(number(highest)))"
    }
}
