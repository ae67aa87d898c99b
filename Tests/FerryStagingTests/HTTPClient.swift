import Foundation
import Glibc
import Testing

/// What came back for a request.
struct HTTPReply {
    var status = 0
    var headers: [String: String] = [:]
    var body = ""

    /// The body as a JSON object.
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
    }

    /// Reads the first reply of `text`, and takes it away.
    init?(_ text: inout String, isHead: Bool = false) {
        guard let end = text.range(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
        status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        let length = isHead ? 0 : Int(headers["content-length"] ?? "") ?? 0
        let rest = text[end.upperBound...].utf8
        guard rest.count >= length else { return nil }
        body = String(decoding: rest.prefix(length), as: UTF8.self)
        text = String(decoding: rest.dropFirst(length), as: UTF8.self)
    }
}

/// A socket that says what it is told to, whether that is HTTP or not.
final class HTTPClient {
    private let socket: Int32
    /// What came behind the last reply.
    private var text = ""

    /// Connects to `port` of this machine; waits at most `patience` seconds for any answer.
    init(port: Int, patience: Int = 20) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0, "could not connect")
    }

    deinit { close(socket) }

    /// Sends `text`; false if the server wants no more.
    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Sends `bytes`; false if the server wants no more.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// The next piece that comes; empty at the end, nil if nothing came in time.
    func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &buffer, buffer.count, 0)
        if count < 0 { return errno == EAGAIN ? nil : [] }
        return Array(buffer[..<count])
    }

    /// Everything until the server closes the connection; nil if it does not.
    func receiveAll() -> String? {
        var all = Array(text.utf8)
        while let piece = receive() {
            if piece.isEmpty { return String(decoding: all, as: UTF8.self) }
            all += piece
        }
        return nil
    }

    /// Asks for `path` on this connection, which stays open.
    func get(_ path: String, method: String = "GET") throws -> HTTPReply {
        send("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return try reply(isHead: method == "HEAD")
    }

    /// The next reply.
    func reply(isHead: Bool = false) throws -> HTTPReply {
        while true {
            if let reply = HTTPReply(&text, isHead: isHead) { return reply }
            let piece = try #require(receive(), "no answer")
            try #require(!piece.isEmpty, "the connection was closed")
            text += String(decoding: piece, as: UTF8.self)
        }
    }

    /// Asks for `path` on a connection of its own.
    static func get(_ path: String, port: Int, method: String = "GET") throws -> HTTPReply {
        try HTTPClient(port: port).get(path, method: method)
    }
}
