internal import FerryCore

/// The numbers of a diagnosis' records, before anything is computed with them: somebody may have changed them, or made them up.
enum RecordedNumbers {
    /// Up to here every whole number is one of a `Double`, and sums of several do not overflow.
    private static let largest = 9_007_199_254_740_992.0
    /// Some thirty years in seconds: what is longer is no time of a diagnosis, and its microseconds still can be counted.
    private static let longest = 1e9
    /// A clock that nobody has set is behind by all the years since 1970.
    private static let wrongestClock = 1e12
    private static let clocks: Set<String> = ["clocks", "clockOffsetSeconds"]
    private static let moments: Set<String> = ["at", "endedAt", "goesOnFrom"]

    /// Whether all numbers of `value` are such as can be computed with.
    /// - Parameter name: the member that `value` is of.
    static func arePossible(_ value: JSONValue, _ name: String = "") -> Bool {
        switch value {
        case .integer(let number): isPossible(Double(number), name)
        case .number(let number): isPossible(number, name)
        case .array(let values): values.allSatisfy { arePossible($0, name) }
        // Clocks are called by their vantages.
        case .object(let members): members.allSatisfy { arePossible($0.value, name == "clocks" ? name : $0.name) }
        case .null, .flag, .text: true
        }
    }

    private static func isPossible(_ number: Double, _ name: String) -> Bool { abs(number) <= most(name) }

    private static func most(_ name: String) -> Double {
        if clocks.contains(name) { return wrongestClock }
        return moments.contains(name) || name.lowercased().contains("seconds") ? longest : largest
    }
}

extension IncidentEntry {
    /// Whether its own times are such as a diagnosis has: seconds since it began, or before.
    var hasPossibleTimes: Bool {
        let seconds = [at] + [endedAt, goesOnFrom].compactMap(\.self) + (earlier ?? []).map(\.secondsBefore)
        return seconds.allSatisfy { (0...1e9).contains($0) } && timeScale.map { (0.001...10).contains($0) } ?? true
    }
}
