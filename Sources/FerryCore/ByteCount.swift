/// A number of bytes, or an offset in bytes from the start of a disk. Never negative.
public struct ByteCount: Hashable, Comparable, Sendable {
    /// The count in bytes.
    public var bytes: UInt64

    /// A count of `bytes` bytes.
    public init(_ bytes: UInt64) { self.bytes = bytes }

    /// A count of `bytes` bytes; traps if negative, which only a programmer's mistake can make it.
    public init(_ bytes: Int) { self.bytes = UInt64(bytes) }

    /// No bytes.
    public static let zero = ByteCount(0 as UInt64)

    /// `count` times 1024 bytes.
    public static func kibibytes(_ count: UInt64) -> ByteCount { ByteCount(count << 10) }
    /// `count` times 1 048 576 bytes.
    public static func mebibytes(_ count: UInt64) -> ByteCount { ByteCount(count << 20) }
    /// `count` times 1 073 741 824 bytes.
    public static func gibibytes(_ count: UInt64) -> ByteCount { ByteCount(count << 30) }

    /// The count as `Int`, for use with buffers; traps above `Int.max`, which no disk reaches.
    public var int: Int { Int(bytes) }

    /// Whether the count is a multiple of `unit` (not zero).
    public func isMultiple(of unit: ByteCount) -> Bool { bytes % unit.bytes == 0 }

    /// Whether the left is less.
    public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }
    /// The sum; traps on overflow.
    public static func + (left: ByteCount, right: ByteCount) -> ByteCount { ByteCount(left.bytes + right.bytes) }
    /// The difference; traps if `right` is larger.
    public static func - (left: ByteCount, right: ByteCount) -> ByteCount { ByteCount(left.bytes - right.bytes) }
    /// Adds `right`; traps on overflow.
    public static func += (left: inout ByteCount, right: ByteCount) { left.bytes += right.bytes }
}

extension ByteCount: CustomStringConvertible {
    /// The count with its unit, rounded to one decimal: `512 B`, `64 KiB`, `1.5 GiB`.
    public var description: String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var unit = 0
        var divisor: UInt64 = 1
        while unit < units.count - 1, bytes / divisor >= 1024 {
            divisor <<= 10
            unit += 1
        }
        let tenths = (Double(bytes) / Double(divisor) * 10).rounded()
        let whole = UInt64(tenths / 10)
        let fraction = UInt64(tenths) % 10
        return fraction == 0 ? "\(whole) \(units[unit])" : "\(whole).\(fraction) \(units[unit])"
    }
}

extension ByteCount {
    /// Reads a count with its unit, such as `64MiB`, `4 KiB`, `1.5GiB` or `512B`.
    ///
    /// A number without a unit is refused: the field's best-known tool documents one limit in two units.
    /// Units are `B`, `KiB`, `MiB`, `GiB`, `TiB` (powers of 1024) and `kB`, `MB`, `GB`, `TB` (powers of 1000).
    /// - Throws: `FerryError` with `ErrorCode.badQuantity`.
    public init(parsing text: String) throws(FerryError) {
        let factors: [(String, Double)] = [
            ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824), ("TiB", 1_099_511_627_776),
            ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("B", 1),
        ]
        guard let (number, factor) = Quantity.split(text, units: factors), number * factor < 9e18 else {
            throw Quantity.error(text, expected: "a size with its unit, such as 64MiB or 1.5GiB")
        }
        self.init(UInt64((number * factor).rounded()))
    }
}
