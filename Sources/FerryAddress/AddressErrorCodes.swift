public import FerryCore

extension ErrorCode {
    /// A host name has characters or a length that no host name has.
    public static let badHostName = ErrorCode("resolve.bad-name", .input)
    /// An endpoint is not `host:port`.
    public static let badEndpoint = ErrorCode("resolve.bad-endpoint", .input)
}

extension FerryError {
    static func badHostName(_ text: String, _ cause: String) -> FerryError {
        FerryError(
            .badHostName,
            operation: "use the host name",
            subject: "\"\(text)\"",
            cause: cause,
            advice: "Write a host name such as staging.example.com, or an address."
        )
    }

    static func badEndpoint(_ text: String, _ cause: String) -> FerryError {
        FerryError(
            .badEndpoint,
            operation: "use the endpoint",
            subject: "\"\(text)\"",
            cause: cause,
            advice: "Write staging.example.com:8703, 192.0.2.1:8703 or [2001:db8::1]:8703."
        )
    }
}
