/// A host, by name or by address, in the one form in which what is called the same is equal: `Staging.Example.` is
/// `staging.example`, and `::ffff:192.0.2.1` is `192.0.2.1`, to which the kernel takes it.
public struct CanonicalHost: Hashable, Sendable, CustomStringConvertible {
    /// The one form.
    public let description: String
    /// The address; nil for a name.
    public let address: IPAddress?

    /// The host that `written` calls.
    public init(_ written: String) {
        if let address = IPAddress(parsing: written) {
            self.init(address)
        } else {
            let name = written.lowercased()
            self.init(description: name.hasSuffix(".") && name.count > 1 ? String(name.dropLast()) : name, address: nil)
        }
    }

    /// The host with `address`.
    public init(_ address: IPAddress) {
        let one: IPAddress =
            switch address {
            case .v6(0, let low, _) where low >> 32 == 0xFFFF: .v4(UInt32(truncatingIfNeeded: low))
            // Only link-local addresses have zones, and others are the same with any.
            case .v6(let high, let low, _) where high >> 54 != 0x3FA: .v6(high: high, low: low, zone: 0)
            default: address
            }
        self.init(description: "\(one)", address: one)
    }

    private init(description: String, address: IPAddress?) {
        self.description = description
        self.address = address
    }
}
