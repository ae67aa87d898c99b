internal import FerryAddress

/// An IPv4 address: a line looks into no other packets.
public struct IPv4Address: Hashable, Sendable, CustomStringConvertible {
    /// The four bytes, the first the highest.
    public var bits: UInt32

    /// The address of these bits.
    public init(bits: UInt32) { self.bits = bits }

    /// Reads `192.0.2.1`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard case .v4(let bits)? = IPAddress(parsing: text) else { return nil }
        self.bits = bits
    }

    /// The address as `192.0.2.1`.
    public var description: String { IPAddress.v4(bits).description }
}
