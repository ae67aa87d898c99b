import NIOCore
import Synchronization
import Testing

@testable import FerryStaging

@Suite(.serialized) struct DiscardedBodyTests {
    @Test(arguments: [0, 1, 4096, 300_000, DiscardingAllowance.longestBody])
    func bodyIsThrownAwayAndCountedToTheByte(_ length: Int) async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            let reply = try client.post(length)
            #expect(reply.status == 200)
            #expect(reply.body == "{\"discardedBytes\":\(length)}\n")
            let metrics = try client.get("/metrics").body
            #expect(metrics.contains("\nferry_staging_measured_bytes_total \(length)\n"))
        }
    }

    @Test func whatAProbeSendsIsTakenAndItsConnectionClosed() async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            client.send(
                "POST / HTTP/1.1\r\nHost: a:8080\r\nUser-Agent: ferry-probe\r\nAccept: */*\r\nConnection: close\r\n"
                    + "Content-Type: text/plain\r\nContent-Length: 1048576\r\n\r\n"
            )
            // A probe sends a few bytes more than it has said.
            client.send([UInt8](repeating: 0x2F, count: 1_048_576 + 51))
            var text = try #require(client.receiveAll())
            #expect(HTTPReply(&text)?.body == "{\"discardedBytes\":1048576}\n")
            #expect(text.isEmpty)
        }
    }

    @Test func connectionIsKeptAndWhatFollowsIsAnsweredInItsOrder() async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            let body = String(repeating: "b", count: 1000)
            let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n\(body)"
            let get = "GET /volumes HTTP/1.1\r\nHost: a\r\n\r\n"
            client.send(post + get + get + post + post + get)
            for part in [post, get, get, post, post, get] {
                let reply = try client.reply()
                #expect(reply.body == (part == get ? "{\"volumes\":[]}\n" : "{\"discardedBytes\":1000}\n"))
            }
            #expect(fixture.counters.bytesMeasured.load(ordering: .relaxed) == 3000)
        }
    }

    @Test func longBodyBehindOtherRequestsIsTakenOnceTheyAreAnswered() async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            let get = "GET /volumes HTTP/1.1\r\nHost: a\r\n\r\n"
            client.send(get + get + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n")
            client.send([UInt8](repeating: 0, count: 500_000) + Array(get.utf8))
            for _ in 0..<2 { #expect(try client.reply().body == "{\"volumes\":[]}\n") }
            #expect(try client.reply().body == "{\"discardedBytes\":500000}\n")
            #expect(try client.reply().body == "{\"volumes\":[]}\n")
        }
    }

    @Test func bodyThatComesInPiecesIsOneBody() async throws {
        try await HTTPFixture.with(patience: .milliseconds(300)) { fixture in
            let client = try HTTPClient(port: fixture.port)
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 20\r\n\r\n")
            for _ in 0..<20 {
                try await Task.sleep(for: .milliseconds(30))
                client.send([0x61])
            }
            // Longer than any other request may take.
            #expect(try client.reply().body == "{\"discardedBytes\":20}\n")
        }
    }

    @Test(arguments: [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(DiscardingAllowance.longestBody + 1)\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /? HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na",
        "POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na",
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: upgrade\r\nContent-Length: 1\r\n\r\na",
    ])
    func otherBodiesAreRefusedAtOnce(_ request: String) async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            client.send(request)
            var text = try #require(client.receiveAll())
            let reply = try #require(HTTPReply(&text))
            #expect(reply.status == 405)
            #expect((reply.json["error"] as? [String: String])?["advice"]?.contains("16 MiB") == true)
            #expect(fixture.counters.bytesMeasured.load(ordering: .relaxed) == 0)
        }
    }

    @Test(arguments: [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\naa",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\na",
    ])
    func lengthThatCanBeReadInTwoWaysIsMalformed(_ request: String) async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            client.send(request)
            var text = try #require(client.receiveAll())
            #expect(HTTPReply(&text)?.status == 400)
            #expect(text.isEmpty)
        }
    }

    @Test func allowanceRunsOutForAllClientsTogetherAndSaysSo() async throws {
        try await HTTPFixture.with { fixture in
            let atATime = DiscardingAllowance.longestBody
            for _ in 0..<DiscardingAllowance.bytesPerMinute / atATime {
                #expect(try HTTPClient(port: fixture.port).post(atATime).status == 200)
            }
            // Some has come back meanwhile, but not so much.
            let late = try HTTPClient(port: fixture.port)
            late.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(atATime)\r\n\r\n")
            var text = try #require(late.receiveAll())
            let reply = try #require(HTTPReply(&text))
            let error = reply.json["error"] as? [String: String]
            #expect(reply.status == 429 && error?["code"] == "measure.enough")
            #expect(error?["says"]?.contains("64 MiB") == true && error?["advice"] == "Wait a minute.")
            #expect(reply.headers["connection"] == "close")
            #expect(try HTTPClient.get("/health", port: fixture.port).status == 200)
        }
    }

    @Test func allowanceComesBackWithTimeAndWithWhatDidNotCome() throws {
        var allowance = MinuteAllowance(60, at: .uptimeNanoseconds(1))
        let start = NIODeadline.uptimeNanoseconds(1)
        var answers = [allowance.take(61, at: start), allowance.take(60, at: start), allowance.take(1, at: start)]
        #expect(answers == [false, true, false])
        answers = [allowance.take(11, at: start + .seconds(10)), allowance.take(10, at: start + .seconds(10))]
        #expect(answers == [false, true])
        allowance.giveBack(5)
        // The clock that goes back gives nothing and takes nothing.
        answers = [allowance.take(6, at: start), allowance.take(5, at: start + .seconds(10))]
        #expect(answers == [false, true])
        allowance.giveBack(1000)
        answers = [allowance.take(61, at: start + .hours(1)), allowance.take(60, at: start + .hours(1))]
        #expect(answers == [false, true])
    }
}

extension HTTPClient {
    /// Sends a body of `length` bytes to have it thrown away; the connection stays open.
    func post(_ length: Int) throws -> HTTPReply {
        send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n")
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        var left = length
        while left > 0, send(Array(piece.prefix(left))) { left -= min(left, piece.count) }
        return try reply()
    }
}
