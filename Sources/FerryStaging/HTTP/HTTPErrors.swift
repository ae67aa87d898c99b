public import FerryCore
internal import NIOHTTP1

extension ErrorCode {
    /// The HTTP service has nothing at that path.
    public static let httpUnknownPath = ErrorCode("http.unknown-path", .input)
    /// The HTTP service only lets itself be read.
    public static let httpMethod = ErrorCode("http.method", .input)
    /// A request to the HTTP service is too long.
    public static let httpTooLong = ErrorCode("http.too-long", .input)
    /// What came to the HTTP service is no request.
    public static let httpMalformed = ErrorCode("http.malformed", .input)
    /// A request to the HTTP service did not arrive in time.
    public static let httpTooSlow = ErrorCode("http.too-slow", .input)
    /// The HTTP service has as many connections as it takes.
    public static let httpBusy = ErrorCode("http.busy", .failure)
}

extension FerryError {
    static func httpUnknownPath(_ path: String) -> FerryError {
        FerryError(
            .httpUnknownPath,
            operation: "find",
            subject: "the path \(String(path.prefix(200)))",
            cause: "there is nothing at it",
            advice: "There are /health, /metrics, /volumes, /volumes/JOB/DISK and /sessions."
        )
    }

    static func httpMethod(_ method: HTTPMethod) -> FerryError {
        FerryError(
            .httpMethod,
            operation: "answer",
            subject: "a request with the method \(method.rawValue.prefix(20))",
            cause: "this service can be read, and nothing can be changed by it",
            advice:
                "Use GET or HEAD. POST is for measuring only: to /, with a Content-Length of at most "
                + "\(ByteCount(DiscardingAllowance.longestBody)), and not chunked."
        )
    }

    static let httpTooLong = FerryError(
        .httpTooLong,
        operation: "read",
        subject: "a request",
        cause: "it is longer than \(ByteCount(HTTPRequestLimit.longest))",
        advice: "Send a request line and the headers that HTTP asks for, and no body."
    )

    static let httpMalformed = FerryError(
        .httpMalformed,
        operation: "read",
        subject: "a request",
        cause: "it is not HTTP/1.1",
        advice: "Agents belong to the port of \"--listen\"; this port speaks HTTP without TLS."
    )

    static let httpTooSlow = FerryError(
        .httpTooSlow,
        operation: "read",
        subject: "a request",
        cause: "it did not arrive in time",
        advice: "Send a request as a whole.",
        retry: .later
    )

    static let tooMuchDiscarded = FerryError(
        .measuredEnough,
        operation: "take",
        subject: "a body to measure the way",
        cause: "more than \(ByteCount(DiscardingAllowance.bytesPerMinute)) in a minute are not taken",
        advice: "Wait a minute.",
        retry: .later
    )

    static let tooManyDiscarded = FerryError(
        .measuredEnough,
        operation: "take",
        subject: "a body to measure the way",
        cause: "\(DiscardingAllowance.mostAtATime) are on their way already",
        advice: "Wait until one of them is through.",
        retry: .later
    )

    static let httpBusy = FerryError(
        .httpBusy,
        operation: "answer",
        subject: "a request",
        cause: "there are \(HTTPService.mostConnections) connections already",
        advice: "Close connections that are not used.",
        retry: .later
    )
}
