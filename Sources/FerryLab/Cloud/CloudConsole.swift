internal import FerryCore
internal import Foundation

/// The cloud's interface for its customer, over HTTP: the block records, the allowlist, the instances.
///
///     GET  /blocks                             the records, as a site file's providerRecords
///     GET  /allowlist                          the same records
///     POST /allowlist {"source": "ADDRESS"}    lets an address pass, once the cloud's delay is over
///     POST /instances {"created": N, "released": N}
///     GET  /instances
struct CloudConsole {
    let ledger: CloudLedger

    private static let most = 64 << 10

    /// Answers one request at `peer`, and closes it.
    func serve(_ peer: Int32) {
        defer { close(peer) }
        LabSocket.limit(peer, seconds: 2)
        guard let request = HTTPRequest(from: peer, most: CloudConsole.most) else {
            return answer(400, "{\"problem\":\"this is no HTTP request that the console understands\"}", peer)
        }
        let (status, body) = answer(request)
        answer(status, body, peer)
    }

    func answer(_ request: HTTPRequest) -> (status: Int, body: String) {
        switch (request.method, request.path) {
        case ("GET", "/blocks"), ("GET", "/allowlist"): (200, ledger.records)
        case ("POST", "/allowlist"): allow(request.body)
        case ("GET", "/instances"): (200, instances)
        case ("POST", "/instances"): note(request.body)
        default:
            (
                404,
                "{\"problem\":\"there is no \(request.method == "GET" || request.method == "POST" ? "" : "method or ")path "
                    + "like this; there are GET /blocks, POST /allowlist, GET and POST /instances\"}"
            )
        }
    }

    private func allow(_ body: [UInt8]) -> (Int, String) {
        struct Body: Decodable { var source: String }
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(body)),
            let source = IPv4Address(body.source)
        else { return (400, "{\"problem\":\"the body has to be {\\\"source\\\": an IPv4 address}\"}") }
        let now = MonotonicClock.now()
        let allowance = ledger.allow(source, at: now)
        let seconds = Double(max(allowance.effective, now) - now) / 1e9
        return (
            200,
            JSONText.object {
                $0.member("source", "\(source)")
                $0.member("effectiveInSeconds", seconds)
            }
        )
    }

    private func note(_ body: [UInt8]) -> (Int, String) {
        struct Body: Decodable {
            var created: Int?
            var released: Int?
        }
        let range = 0...100_000
        guard let body = try? JSONDecoder().decode(Body.self, from: Data(body)), range.contains(body.created ?? 0),
            range.contains(body.released ?? 0)
        else {
            return (
                400, "{\"problem\":\"the body has to be {\\\"created\\\": N, \\\"released\\\": N}, each to 100000\"}"
            )
        }
        ledger.noteInstances(created: body.created ?? 0, released: body.released ?? 0, at: MonotonicClock.now())
        return (200, instances)
    }

    private var instances: String {
        let (created, released) = ledger.instances
        return JSONText.object {
            $0.member("created", created)
            $0.member("released", released)
        }
    }

    private func answer(_ status: Int, _ body: String, _ peer: Int32) {
        let reason = status == 200 ? "OK" : status == 404 ? "Not Found" : "Bad Request"
        LabSocket.say(
            Array(
                ("HTTP/1.1 \(status) \(reason)\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count + 1)\r\nConnection: close\r\n\r\n\(body)\n").utf8
            ),
            to: peer
        )
    }
}

/// A request, read from a socket.
struct HTTPRequest {
    var method: String
    var path: String
    var body: [UInt8]

    /// Reads one; nil if what comes is none, too long, or ends early.
    init?(from peer: Int32, most: Int) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        let end = ContinuousClock.now + .seconds(3)
        while ContinuousClock.now < end {
            if let request = HTTPRequest(bytes) {
                self = request
                return
            }
            let count = recv(peer, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0, bytes.count + count <= most else { return nil }
            bytes += buffer[..<count]
        }
        return nil
    }

    /// The request that `bytes` hold; nil if it is not all there yet, or none.
    init?(_ bytes: [UInt8]) {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return nil }
        var length = 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == "content-length" {
                guard let value = Int(parts[1].trimmingCharacters(in: .whitespaces)), value >= 0 else { return nil }
                length = value
            }
        }
        guard bytes.count - end.upperBound >= length else { return nil }
        method = String(words[0])
        path = String(words[1])
        body = Array(bytes[end.upperBound..<(end.upperBound + length)])
    }
}
