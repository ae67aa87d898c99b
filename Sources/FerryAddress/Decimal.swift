/// Decimal numbers in text from strangers: digits only, no sign, no overflow.
package enum Decimal {
    /// The number; nil for anything else, and for more than nine digits.
    package static func number(_ digits: some Collection<UInt8>) -> Int? {
        guard !digits.isEmpty, digits.count <= 9, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
