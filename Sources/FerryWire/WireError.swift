public import FerryCore

extension ErrorCode {
    /// The peer sent bytes that are not the protocol.
    public static let wireMalformed = ErrorCode("wire.malformed", .failure)
    /// The peer sent a frame longer than the protocol allows.
    public static let wireFrameTooLong = ErrorCode("wire.frame-too-long", .failure)
    /// The peer speaks no version of the protocol that this side speaks.
    public static let wireVersion = ErrorCode("wire.version", .failure)
    /// The peer sent a message that has no place at this point.
    public static let wireUnexpected = ErrorCode("wire.unexpected", .failure)
}

enum WireError {
    static func version(_ oldest: UInt16, _ newest: UInt16) -> FerryError {
        FerryError(
            .wireVersion,
            operation: "agree on a protocol",
            subject: "with the peer",
            cause: "it speaks versions \(oldest) to \(newest), this side "
                + "\(WireVersion.oldest) to \(WireVersion.newest)",
            advice: "Install the same release of Ferry on both sides."
        )
    }

    static func malformed(_ what: String, _ cause: String) -> FerryError {
        FerryError(
            .wireMalformed,
            operation: "read",
            subject: what,
            cause: cause,
            advice: "Check that the port belongs to Ferry and that both sides are of the same release.",
            retry: .reconnect
        )
    }
}
