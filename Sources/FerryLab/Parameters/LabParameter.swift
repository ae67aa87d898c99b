internal import FerryCore
internal import Glibc

/// Something about a topology or a scenario that is drawn anew for each seed.
struct LabParameter: Sendable, Equatable {
    /// What it can be.
    enum Choice: Sendable, Equatable {
        /// One of these.
        case of([String])
        /// A number between these, with the unit that they have; evenly by its logarithm where they are far apart.
        case between(Double, Double, unit: String, isWhole: Bool)
    }

    /// The name by which `$name` stands for it.
    var name: String
    /// What it is without a seed.
    var standard: String
    /// What else it can be; nil if nothing.
    var choice: Choice?
    /// What it is in turn in a full matrix; empty if it does not take part.
    var grid: [String] = []

    /// What it is for `seed`: always the same, whatever else there is.
    /// - Parameter subject: what it is drawn for, such as a scenario's name.
    func value(seed: UInt64, subject: String) -> String {
        guard seed != 0, let choice else { return standard }
        var chance = LineChance(seed: FNV1a("\(seed) \(subject) \(name)").value)
        let part = chance.next()
        switch choice {
        case .of(let words): return words[min(words.count - 1, Int(part * Double(words.count)))]
        case .between(let low, let high, let unit, let isWhole):
            let value =
                low > 0 && high / low >= 8 ? low * Glibc.pow(high / low, part) : low + (high - low) * part
            let rounded = isWhole ? "\(Int(value.rounded()))" : "\((value * 1000).rounded() / 1000)"
            return rounded + unit
        }
    }
}
