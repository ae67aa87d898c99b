/// A rate of transfer in bits per second, counting bytes on the wire.
public struct BitRate: Hashable, Comparable, Sendable {
    /// Bits in one second.
    public var bitsPerSecond: UInt64

    /// A rate of `bitsPerSecond`.
    public init(bitsPerSecond: UInt64) { self.bitsPerSecond = bitsPerSecond }

    /// `count` times 1 000 000 bits per second.
    public static func megabits(_ count: UInt64) -> BitRate { BitRate(bitsPerSecond: count * 1_000_000) }

    /// Bytes in one second.
    public var bytesPerSecond: Double { Double(bitsPerSecond) / 8 }

    /// Whether the left is less.
    public static func < (left: BitRate, right: BitRate) -> Bool { left.bitsPerSecond < right.bitsPerSecond }
}

extension BitRate: CustomStringConvertible {
    /// The rate with its unit, as `20 Mbit/s`.
    public var description: String {
        for (unit, factor) in [("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3)] where Double(bitsPerSecond) >= factor
        {
            let tenths = UInt64((Double(bitsPerSecond) / factor * 10).rounded())
            return tenths % 10 == 0 ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
        }
        return "\(bitsPerSecond) bit/s"
    }
}

extension BitRate {
    /// The slowest rate that can be asked for: below it no batch would ever arrive between two failures.
    public static let slowest = BitRate(bitsPerSecond: 64_000)
    /// The fastest rate that can be asked for.
    public static let fastest = BitRate(bitsPerSecond: 400_000_000_000)

    /// Reads a rate with its unit, such as `20Mbit/s`, `1.5 Gbit/s` or `800kbit/s`.
    ///
    /// Only bits are accepted, and only with the unit written out.
    /// - Throws: `FerryError` with `ErrorCode.badQuantity`, also outside `slowest ... fastest`.
    public init(parsing text: String) throws(FerryError) {
        let factors: [(String, Double)] = [("Gbit/s", 1e9), ("Mbit/s", 1e6), ("kbit/s", 1e3)]
        let expected = "a rate with its unit, such as 20Mbit/s, from 64kbit/s to 400Gbit/s"
        guard let (number, factor) = Quantity.split(text, units: factors),
            (Double(BitRate.slowest.bitsPerSecond)...Double(BitRate.fastest.bitsPerSecond)).contains(number * factor)
        else {
            throw Quantity.error(text, expected: expected)
        }
        self.init(bitsPerSecond: UInt64((number * factor).rounded()))
    }
}
