public import ArgumentParser
internal import FerryCore

/// A time on the command line, with its unit: `500ms`, `2s`, `1.5m`.
public struct ProbeTime: ExpressibleByArgument, Sendable {
    /// Seconds.
    var seconds: Double

    init(_ seconds: Double) { self.seconds = seconds }

    /// Reads a number with its unit, from 1 ms to 1 h.
    public init?(argument: String) {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        for (unit, factor) in units where argument.hasSuffix(unit) {
            let digits = argument.dropLast(unit.count)
            guard let number = Double(digits), digits.allSatisfy({ ("0"..."9").contains($0) || $0 == "." }) else {
                continue
            }
            guard (0.001...3600).contains(number * factor) else { return nil }
            seconds = number * factor
            return
        }
        return nil
    }

    /// As it is read.
    public var defaultValueDescription: String { seconds < 1 ? "\(Int(seconds * 1000))ms" : "\(Int(seconds))s" }
}
