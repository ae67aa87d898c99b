import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import FerryStaging

@Suite(.serialized) struct HostileBodyTests {
    private static let head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"

    @Test func silenceBeforeTheEndOfABodyIsEnded() async throws {
        try await HTTPFixture.with(bodyPatience: .milliseconds(400)) { fixture in
            let client = try HTTPClient(port: fixture.port)
            client.send(HostileBodyTests.head + "less")
            var text = try #require(client.receiveAll(), "the connection stays open")
            let reply = try #require(HTTPReply(&text))
            #expect(reply.status == 408)
            #expect((reply.json["error"] as? [String: String])?["code"] == "http.too-slow")
            #expect(fixture.counters.bytesMeasured.load(ordering: .relaxed) == 4)
        }
    }

    @Test func bodyThatNeverStopsDribblingIsEndedAllTheSame() async throws {
        try await HTTPFixture.with(bodyPatience: .milliseconds(500)) { fixture in
            let client = try HTTPClient(port: fixture.port)
            client.send(HostileBodyTests.head)
            let begin = ContinuousClock.now
            while ContinuousClock.now - begin < .seconds(5), client.send([0x61]) {
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(ContinuousClock.now - begin < .seconds(4), "the connection stays open")
        }
    }

    @Test func unfinishedBodyBehindAnotherRequestIsEndedToo() async throws {
        try await HTTPFixture.with(bodyPatience: .milliseconds(400)) { fixture in
            let client = try HTTPClient(port: fixture.port)
            client.send("GET /volumes HTTP/1.1\r\nHost: a\r\n\r\n" + HostileBodyTests.head)
            #expect(try client.reply().status == 200)
            #expect(try client.reply().status == 408)
            #expect(client.receiveAll() == "")
        }
    }

    @Test func whatIsLongerThanABodyWasToBeIsTheNextRequestAndMalformed() async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbodyand more\r\n\r\n")
            #expect(try client.reply().body == "{\"discardedBytes\":4}\n")
            #expect(try client.reply().status == 400)
            #expect(client.receiveAll() == "")
        }
    }

    @Test func requestBehindABodyIsAsLimitedAsAnyOther() async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            #expect(try client.post(1 << 20).status == 200)
            client.send("GET /health HTTP/1.1\r\nX: \(String(repeating: "a", count: HTTPRequestLimit.longest - 20))")
            #expect(try client.reply().status == 431)
            #expect(client.receiveAll() == "")
        }
    }

    @Test func headOfABodyIsAsLimitedAsAnyOther() async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            let padding = String(repeating: "a", count: HTTPRequestLimit.longest)
            client.send("POST / HTTP/1.1\r\nContent-Length: 1000000\r\nX: \(padding)")
            var text = try #require(client.receiveAll())
            #expect(HTTPReply(&text)?.status == 431)
        }
    }

    @Test func longHeadLeavesRoomForItsBody() async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            let padding = String(repeating: "a", count: HTTPRequestLimit.longest - 100)
            client.send("POST / HTTP/1.1\r\nHost: a\r\nX: \(padding)\r\nContent-Length: 100000\r\n\r\n")
            client.send([UInt8](repeating: 0, count: 100_000))
            #expect(try client.reply().body == "{\"discardedBytes\":100000}\n")
        }
    }

    @Test func manyAtATimeAreTurnedAwayAndRoomIsMadeAgain() async throws {
        try await HTTPFixture.with { fixture in
            var clients = try (0..<DiscardingAllowance.mostAtATime).map { _ in try HTTPClient(port: fixture.port) }
            for client in clients { client.send(HostileBodyTests.head + "a") }
            while fixture.counters.bytesMeasured.load(ordering: .relaxed) < clients.count {
                try await Task.sleep(for: .milliseconds(5))
            }
            let late = try HTTPClient(port: fixture.port)
            late.send("GET /volumes HTTP/1.1\r\nHost: a\r\n\r\n" + HostileBodyTests.head)
            #expect(try late.reply().status == 200)
            let refusal = try late.reply()
            #expect(refusal.status == 429)
            #expect((refusal.json["error"] as? [String: String])?["code"] == "measure.enough")
            #expect(late.receiveAll() == "")
            clients.removeFirst()
            var status = 429
            for _ in 0..<100 where status != 200 {
                try await Task.sleep(for: .milliseconds(20))
                status = try HTTPClient(port: fixture.port).post(10).status
            }
            #expect(status == 200)
            withExtendedLifetime(clients) {}
        }
    }

    @Test func whoOnlySaysThatItWillSendTakesNothingFromOthers() async throws {
        try await HTTPFixture.with { fixture in
            let longest = DiscardingAllowance.longestBody
            for _ in 0..<20 {
                let client = try HTTPClient(port: fixture.port)
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(longest)\r\n\r\n")
                // By its answer the head was read.
                #expect(try HTTPClient.get("/none", port: fixture.port).status == 404)
            }
            var status = 429
            for _ in 0..<100 where status != 200 {
                try await Task.sleep(for: .milliseconds(20))
                status = try HTTPClient(port: fixture.port).post(longest).status
            }
            #expect(status == 200)
        }
    }

    @Test(arguments: [
        ("PUT /volumes HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        ("GET /volumes HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\n\r\n", 200),
        ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
    ])
    func bodyBehindTheLastRequestTakesNobodysPlace(_ last: String, _ status: Int) async throws {
        try await HTTPFixture.with { fixture in
            for _ in 0..<10 {
                let client = try HTTPClient(port: fixture.port)
                client.send(last + HostileBodyTests.head)
                #expect(try client.reply().status == status)
                #expect(client.receiveAll() == "")
            }
            #expect(try HostileBodyTests.placesThatAreFree(fixture) == DiscardingAllowance.mostAtATime)
        }
    }

    @Test func randomPiecesOfBodiesAndRequestsNeverEndTheServerNorTakeAPlace() async throws {
        try await HTTPFixture.with { fixture in
            let pieces = [
                HostileBodyTests.head, "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n", "GET /volumes HTTP/1.1\r\n\r\n",
                "GET /none HTTP/1.1\r\n\r\n", "PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\n", "hello", "\r\n\r\n",
                String(repeating: "x", count: 5000), "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
            ]
            for _ in 0..<200 {
                let client = try HTTPClient(port: fixture.port)
                for _ in 0..<Int.random(in: 1...8) { client.send(pieces.randomElement() ?? "") }
            }
            // All places are free again, not only some.
            var taken = 0
            for _ in 0..<100 where taken < DiscardingAllowance.mostAtATime {
                try await Task.sleep(for: .milliseconds(20))
                taken = try HostileBodyTests.placesThatAreFree(fixture)
            }
            #expect(taken == DiscardingAllowance.mostAtATime)
        }
    }

    private static func placesThatAreFree(_ fixture: HTTPFixture) throws -> Int {
        let clients = try (0..<DiscardingAllowance.mostAtATime).map { _ in try HTTPClient(port: fixture.port) }
        for client in clients { client.send("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\na") }
        // All of them are there before any of them ends.
        _ = try HTTPClient.get("/none", port: fixture.port)
        for client in clients { client.send("b") }
        return try clients.count { try $0.reply().status == 200 }
    }

    @Test func severalBodiesAtFullSpeedHoldUpNobody() async throws {
        try await HTTPFixture.with { fixture in
            let port = fixture.port
            // Measured on the event loop, and the clients on threads of their own: those of tasks are few, and wait.
            let lateness = Mutex((longest: Duration.zero, last: ContinuousClock.now))
            let ticking = fixture.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(1)) { _ in
                lateness.withLock {
                    let now = ContinuousClock.now
                    $0 = (max($0.longest, now - $0.last), now)
                }
            }
            let threads = NIOThreadPool(numberOfThreads: DiscardingAllowance.mostAtATime)
            threads.start()
            let posts = (0..<DiscardingAllowance.mostAtATime).map { _ in
                threads.runIfActive(eventLoop: fixture.eventLoop) {
                    try HTTPClient(port: port).post(DiscardingAllowance.longestBody).status
                }
            }
            for post in posts { #expect(try await post.get() == 200) }
            ticking.cancel()
            try await threads.shutdownGracefully()
            #expect(lateness.withLock { $0.longest } < .seconds(1), "the event loop of the lanes was held up")
        }
    }
}
