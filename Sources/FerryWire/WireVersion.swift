/// The versions of the protocol that this side speaks.
public enum WireVersion {
    /// The oldest.
    public static let oldest: UInt16 = 1
    /// The newest.
    public static let newest: UInt16 = 1
    /// The protocol's name in TLS (ALPN, RFC 7301).
    public static let alpn = "ferry/1"
    /// What a hello begins with.
    static let magic: [UInt8] = Array("FERRY".utf8)

    /// The newest version that both sides speak, or nil.
    public static func common(with oldest: UInt16, _ newest: UInt16) -> UInt16? {
        let version = min(newest, WireVersion.newest)
        return version >= max(oldest, WireVersion.oldest) ? version : nil
    }
}
