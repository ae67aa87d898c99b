internal import FerryCore

/// Times on the command line, with their unit.
enum Interval {
    /// Reads a whole number with its unit: `90s`, `15m`, `2h`; from 1 second to 30 days.
    static func parse(_ text: String) throws(FerryError) -> Duration {
        let units: [(Character, Int)] = [("s", 1), ("m", 60), ("h", 3600)]
        guard let unit = units.first(where: { $0.0 == text.last }), let number = Int(text.dropLast()), number > 0,
            number <= 2_592_000 / unit.1
        else {
            throw FerryError(
                .badQuantity,
                operation: "read a time",
                subject: "\"\(text)\"",
                cause: "it is not a whole number with its unit, up to 30 days",
                advice: "Write 90s, 15m or 2h."
            )
        }
        return .seconds(number * unit.1)
    }
}
