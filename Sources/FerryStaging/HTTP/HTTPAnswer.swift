internal import FerryCore
internal import NIOCore
internal import NIOHTTP1

/// What is sent back for one request.
struct HTTPAnswer: Sendable {
    /// JSON with a line feed at its end, for people who look with curl.
    static let json = "application/json"

    var status: HTTPResponseStatus
    var contentType: String
    var body: String

    /// JSON that `body` writes.
    init(_ status: HTTPResponseStatus = .ok, json body: (inout JSONText) -> Void) {
        self.status = status
        contentType = HTTPAnswer.json
        self.body = JSONText.object(body) + "\n"
    }

    /// Text of `contentType`.
    init(text: String, contentType: String) {
        status = .ok
        self.contentType = contentType
        body = text
    }

    /// A refusal, with what to do about it.
    init(_ status: HTTPResponseStatus, _ error: FerryError) {
        self.init(status) { json in
            json.member(
                "error",
                object: { json in
                    json.member("code", error.code.text)
                    json.member("says", error.summary)
                    json.member("advice", error.advice)
                }
            )
        }
    }

    /// The answer as it goes over the connection.
    /// - Parameters:
    ///   - isHead: the body is left out, and everything else stays as it would be.
    ///   - keepsAlive: whether the connection stays open for another request.
    ///   - client: the address and port that the client is seen by here, which it cannot know where they are translated on the way.
    func encoded(isHead: Bool, keepsAlive: Bool, to client: String?, with allocator: ByteBufferAllocator) -> ByteBuffer
    {
        let length = body.utf8.count
        var buffer = allocator.buffer(capacity: 256 + (isHead ? 0 : length))
        buffer.writeString("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n")
        buffer.writeString("Content-Type: \(contentType)\r\nContent-Length: \(length)\r\n")
        buffer.writeString("Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n")
        if let client { buffer.writeString("\(ObservedSource.field): \(client)\r\n") }
        if status == .methodNotAllowed { buffer.writeString("Allow: GET, HEAD\r\n") }
        if !keepsAlive { buffer.writeString("Connection: close\r\n") }
        buffer.writeString("\r\n")
        if !isHead { buffer.writeString(body) }
        return buffer
    }
}
