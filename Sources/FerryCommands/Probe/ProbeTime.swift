internal import ArgumentParser

/// A time on the command line, with its unit: `500ms`, `2s`, `1.5m`.
struct ProbeTime: Sendable {
    let seconds: Double

    init(_ seconds: Double) { self.seconds = seconds }

    /// Reads a number with its unit, from 1 ms to 1 h.
    /// - Throws: `ValidationError`.
    init(parsing text: String) throws {
        let units: [(String, Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)]
        for (unit, factor) in units where text.hasSuffix(unit) {
            let digits = text.dropLast(unit.count)
            guard let number = Double(digits), digits.allSatisfy({ ("0"..."9").contains($0) || $0 == "." }) else {
                continue
            }
            guard (0.001...3600).contains(number * factor) else { break }
            seconds = number * factor
            return
        }
        throw ValidationError("Give a time with its unit, from 1ms to 1h, as 500ms or 2s.")
    }
}
