public import FerryCore

extension ErrorCode {
    /// A file of an identity directory is missing, unreadable or not what it should be.
    public static let identityUnusable = ErrorCode("identity.unusable", .input)
    /// The peer's certificate is not one to trust.
    public static let tlsPeerRefused = ErrorCode("tls.peer-refused", .failure)
    /// The peer does not trust our certificate.
    public static let tlsRefusedByPeer = ErrorCode("tls.refused-by-peer", .failure)
    /// The peer does not speak TLS 1.3 with Ferry's protocol.
    public static let tlsNotFerry = ErrorCode("tls.not-ferry", .failure)
    /// A connection could not be made, or ended.
    public static let laneEnded = ErrorCode("lane.ended", .failure)
    /// Packed content does not unpack to what it claims to be.
    public static let contentMalformed = ErrorCode("content.malformed", .failure)
}
