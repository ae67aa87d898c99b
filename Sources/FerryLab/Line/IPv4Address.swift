/// An IPv4 address.
public struct IPv4Address: Hashable, Sendable, CustomStringConvertible {
    /// The four bytes, the first the highest.
    public var bits: UInt32

    /// The address of these bits.
    public init(bits: UInt32) { self.bits = bits }

    /// Reads `192.0.2.1`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard part.allSatisfy(\.isWholeNumber), part.count <= 3, let byte = UInt8(part) else { return nil }
            bits = bits << 8 | UInt32(byte)
        }
        self.init(bits: bits)
    }

    /// The address as `192.0.2.1`.
    public var description: String {
        [24, 16, 8, 0].map { String(bits >> UInt32($0) & 255) }.joined(separator: ".")
    }
}
