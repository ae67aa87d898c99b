public import FerryCore

extension ErrorCode {
    /// There is something already where an authority or an identity was to be written.
    public static let identityExists = ErrorCode("identity.exists", .input)
    /// A file that an authority or an identity needs is not there.
    public static let identityMissing = ErrorCode("identity.missing", .input)
    /// A file is there and cannot be read.
    public static let identityUnreadable = ErrorCode("identity.unreadable", .input)
    /// A file could not be written.
    public static let identityWriteFailed = ErrorCode("identity.write-failed", .failure)
    /// A file is not the certificate or key that it should be.
    public static let identityMalformed = ErrorCode("identity.malformed", .input)
    /// A private key is not the one of the certificate beside it.
    public static let identityKeyMismatch = ErrorCode("identity.key-mismatch", .input)
    /// A certificate's time is over.
    public static let identityExpired = ErrorCode("identity.expired", .input)
    /// A certificate's time has not come: one of two clocks is wrong.
    public static let identityNotYetValid = ErrorCode("identity.not-yet-valid", .input)
    /// A certificate was issued by another authority than the one named.
    public static let identityWrongAuthority = ErrorCode("identity.wrong-authority", .input)
    /// A certificate is for another role than the one asked for.
    public static let identityWrongRole = ErrorCode("identity.wrong-role", .input)
    /// A host is neither a host name nor an IP address.
    public static let identityBadHost = ErrorCode("identity.host", .input)
    /// A lifetime is too short or too long.
    public static let identityBadLifetime = ErrorCode("identity.lifetime", .input)
    /// An authority's name is empty, too long or not printable.
    public static let identityBadAuthorityName = ErrorCode("identity.authority-name", .input)
    /// A signature was not made over these bytes with the key of this certificate.
    public static let identityBadSignature = ErrorCode("identity.signature", .input)
    /// A warning: others than the owner can read a private key.
    public static let identityKeyExposed = ErrorCode("identity.key-exposed", .input)
    /// A warning: a certificate ends within days.
    public static let identityExpiresSoon = ErrorCode("identity.expires-soon", .input)
}
