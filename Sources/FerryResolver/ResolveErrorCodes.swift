public import FerryCore

extension ErrorCode {
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
