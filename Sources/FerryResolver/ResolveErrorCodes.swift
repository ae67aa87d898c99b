public import FerryCore

extension ErrorCode {
    /// A host name has characters or a length that no host name has.
    public static let badHostName = ErrorCode("resolve.bad-name", .input)
    /// An endpoint is not `host:port`.
    public static let badEndpoint = ErrorCode("resolve.bad-endpoint", .input)
    /// The name servers say that the name does not exist.
    public static let noSuchName = ErrorCode("resolve.no-such-name", .input)
    /// The name exists and has neither an IPv4 nor an IPv6 address.
    public static let noAddress = ErrorCode("resolve.no-address", .input)
    /// No name server is known on this server.
    public static let noNameServer = ErrorCode("resolve.no-server", .failure)
    /// The name servers answered that they could not or would not look the name up.
    public static let nameServerFailed = ErrorCode("resolve.server-failed", .failure)
    /// No name server answered in time.
    public static let nameServerSilent = ErrorCode("resolve.timed-out", .failure)
    /// No name server could be reached: the network or the server refused.
    public static let nameServerUnreachable = ErrorCode("resolve.unreachable", .failure)
    /// A name server's answer makes no sense.
    public static let badAnswer = ErrorCode("resolve.bad-answer", .failure)
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
