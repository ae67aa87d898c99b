/// FNV-1a of 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv): tells apart what nobody chose to be alike, the same in every run.
public struct FNV1a: Sendable {
    /// The hash of what was added so far.
    public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// The hash of nothing.
    public init() {}

    /// Of the UTF-8 of `text`.
    public init(_ text: String) { add(text) }

    /// Adds one byte.
    public mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }

    /// Adds bytes.
    public mutating func add(_ bytes: Span<UInt8>) {
        for index in bytes.indices { add(bytes[index]) }
    }

    /// Adds the UTF-8 of `text`.
    public mutating func add(_ text: String) {
        for byte in text.utf8 { add(byte) }
    }

    /// Adds the bytes of `word`, the least first.
    public mutating func add(_ word: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
    }

    /// 16 hexadecimal digits.
    public var hexadecimal: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
