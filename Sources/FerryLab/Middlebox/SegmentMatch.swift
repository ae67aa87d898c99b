/// Which connections a middlebox is about.
struct SegmentMatch: Sendable, Equatable {
    /// The port of the far end; nil for any.
    var port: UInt16?
    /// The near end's address has to be in this network; nil for any.
    var near: AddressRange?

    /// Whether a connection is meant.
    func holds(for key: FlowKey) -> Bool {
        (port == nil || port == key.farPort) && (near?.contains(key.near) ?? true)
    }
}

/// A network, as `192.0.2.0/24`.
struct AddressRange: Sendable, Equatable {
    private let bits: UInt32
    private let mask: UInt32

    /// Reads an address with or without a prefix length; nil for anything else.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = IPv4Address(parts[0]), parts.count <= 2,
            let length = parts.count == 2 ? Int(parts[1]) : 32, (0...32).contains(length)
        else { return nil }
        mask = length == 0 ? 0 : ~UInt32(0) << (32 - UInt32(length))
        bits = address.bits & mask
    }

    func contains(_ address: IPv4Address) -> Bool { address.bits & mask == bits }
}
