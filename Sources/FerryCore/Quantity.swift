/// The shared part of reading a number with a unit.
enum Quantity {
    /// The number and the factor of its unit, or nil if the text has no such form. Longer units come first in `units`.
    static func split(_ text: String, units: [(String, Double)]) -> (number: Double, factor: Double)? {
        for (unit, factor) in units where text.hasSuffix(unit) {
            var digits = text.dropLast(unit.count)
            while digits.last == " " { digits.removeLast() }
            guard !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) || $0 == "." }),
                let number = Double(digits), number.isFinite
            else { return nil }
            return (number, factor)
        }
        return nil
    }

    static func error(_ text: String, expected: String) -> FerryError {
        FerryError(
            .badQuantity,
            operation: "read a quantity",
            subject: "\"\(text)\"",
            cause: "it is not \(expected)",
            advice: "Write \(expected)."
        )
    }
}
