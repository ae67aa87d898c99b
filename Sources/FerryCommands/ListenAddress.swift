internal import FerryCore

/// An address and a port to listen on, as `0.0.0.0:8703` or `[::]:8703`.
struct ListenAddress {
    var host: String
    var port: Int

    init(_ text: String) throws(FerryError) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65535).contains(port), colon != text.startIndex
        else {
            throw FerryError(
                .badListenAddress,
                operation: "listen on",
                subject: "\"\(text)\"",
                cause: "it is not an address and a port",
                advice: "Write 0.0.0.0:8703 or [::]:8703."
            )
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        self.host = host
        self.port = port
    }
}

extension ErrorCode {
    /// An address to listen on cannot be understood.
    static let badListenAddress = ErrorCode("input.listen-address", .input)
    /// A program that is needed is missing or failed.
    static let toolFailed = ErrorCode("export.tool", .failure)
}
