import Foundation
import NIOCore
import Testing

@testable import FerryStaging

@Suite(.serialized) struct HostileClientTests {
    @Test func headerWithoutEndIsCutOff() async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            client.send("GET /health HTTP/1.1\r\nX-Endless: ")
            let piece = [UInt8](repeating: 0x61, count: 1 << 20)
            var sent = 0
            // 4 GiB, if anybody took it.
            while sent < 4096, client.send(piece) { sent += 1 }
            #expect(sent < 64, "the server took \(sent) MiB")
            #expect(try HTTPClient.get("/health", port: fixture.port).status == 200)
        }
    }

    @Test func requestThatIsALittleTooLongIsToldSo() async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            let padding = String(repeating: "a", count: HTTPRequestLimit.longest - 30)
            client.send("GET /health HTTP/1.1\r\nX: \(padding)")
            client.send(String(repeating: "b", count: 100))
            var text = try #require(client.receiveAll())
            let reply = try #require(HTTPReply(&text))
            #expect(reply.status == 431)
            #expect((reply.json["error"] as? [String: String])?["code"] == "http.too-long")
        }
    }

    @Test func bodiesAreNotTaken() async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            client.send("GET /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "1000\r\n" + String(repeating: "a", count: 0x1000) + "\r\n"
            var sent = 0
            while sent < 100_000, client.send(chunk) { sent += 1 }
            #expect(sent < 20_000)
        }
    }

    @Test(arguments: [
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}", "\r\n\r\n\r\nnonsense\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET /health HTTP/1.1\r\nbad header\r\n\r\n", "GET /health HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{0}\u{0}\u{0}\u{0}",
    ])
    func garbageIsRefusedAndTheConnectionClosed(_ garbage: String) async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            client.send(garbage)
            var text = try #require(client.receiveAll(), "the connection stays open")
            let reply = try #require(HTTPReply(&text))
            #expect([400, 404, 405].contains(reply.status), "\(reply.status)")
        }
    }

    @Test func noiseNeverEndsTheServer() async throws {
        try await HTTPFixture.with { fixture in
            for round in 0..<200 {
                let client = try HTTPClient(port: fixture.port)
                let start = round % 2 == 0 ? "GET /health HTTP/1.1\r\n" : ""
                client.send(Array(start.utf8) + (0..<Int.random(in: 1...3000)).map { _ in UInt8.random(in: 0...255) })
            }
            #expect(try HTTPClient.get("/health", port: fixture.port).status == 200)
        }
    }

    @Test func clientThatDribblesIsCutOff() async throws {
        try await HTTPFixture.with(patience: .milliseconds(700)) { fixture in
            let client = try HTTPClient(port: fixture.port)
            let begin = ContinuousClock.now
            for byte in "GET /health HTTP/1.1\r\nX: slow and slower and slower still".utf8 {
                guard client.send([byte]) else { break }
                try await Task.sleep(for: .milliseconds(50))
                if ContinuousClock.now - begin > .seconds(1.2) { break }
            }
            let text = client.receiveAll()
            #expect(text != nil, "the connection stays open")
            #expect(ContinuousClock.now - begin < .seconds(10))
        }
    }

    @Test func silentClientIsCutOff() async throws {
        try await HTTPFixture.with(patience: .milliseconds(300)) { fixture in
            let silent = try HTTPClient(port: fixture.port)
            let idle = try HTTPClient(port: fixture.port)
            _ = try idle.get("/volumes")
            #expect(silent.receiveAll() == "")
            #expect(idle.receiveAll() == "")
        }
    }

    @Test func clientThatTakesNoAnswerHoldsUpNobody() async throws {
        try await HTTPFixture.with { fixture in
            for number in 0..<300 { try fixture.addVolume("job\(number)", "sda") }
            let greedy = try (0..<20).map { _ in try HTTPClient(port: fixture.port) }
            for client in greedy {
                client.send(String(repeating: "GET /volumes HTTP/1.1\r\nHost: a\r\n\r\n", count: 100))
            }
            let begin = ContinuousClock.now
            try await fixture.eventLoop.submit {}.get()
            #expect(ContinuousClock.now - begin < .seconds(1), "the event loop of the lanes was held up")
            #expect(try HTTPClient.get("/health", port: fixture.port).status == 200)
            withExtendedLifetime(greedy) {}
        }
    }

    @Test func connectionsBeyondTheLimitAreTurnedAwayAndRoomIsMadeAgain() async throws {
        try await HTTPFixture.with { fixture in
            var clients = try (0..<HTTPService.mostConnections).map { _ in try HTTPClient(port: fixture.port) }
            #expect(try clients[HTTPService.mostConnections - 1].get("/volumes").status == 200)
            let late = try HTTPClient(port: fixture.port)
            var text = try #require(late.receiveAll())
            #expect(HTTPReply(&text)?.status == 503)
            clients.removeAll()
            var status = 503
            for _ in 0..<100 where status != 200 {
                try await Task.sleep(for: .milliseconds(50))
                status = (try? HTTPClient.get("/health", port: fixture.port).status) ?? 503
            }
            #expect(status == 200)
        }
    }
}
