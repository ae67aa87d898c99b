import FerryCore
import Foundation
import Testing

@testable import FerryStaging

@Suite struct HTTPServiceTests {
    @Test func healthSaysWhatReleaseRunsAndHowMuchRoomIsLeft() async throws {
        try await HTTPFixture.with { fixture in
            let reply = try HTTPClient.get("/health", port: fixture.port)
            #expect(reply.status == 200)
            #expect(reply.headers["content-type"] == "application/json")
            #expect(reply.json["status"] as? String == "ok")
            #expect(reply.json["release"] as? String == "9.9")
            #expect((reply.json["freeBytes"] as? Double ?? 0) > 0)
            #expect(reply.json["lastCheckpointAgeSeconds"] == nil, "there was no checkpoint yet")
            try fixture.store.commit([])
            let after = try HTTPClient.get("/health", port: fixture.port)
            #expect((after.json["lastCheckpointAgeSeconds"] as? Double).map { $0 >= 0 && $0 < 10 } == true)
        }
    }

    @Test func healthIs503AndSaysWhyWhenTheDataDirectoryIsGone() async throws {
        try await HTTPFixture.with { fixture in
            try FileManager.default.moveItem(atPath: fixture.data, toPath: "\(fixture.data)-away")
            let reply = try HTTPClient.get("/health", port: fixture.port)
            #expect(reply.status == 503)
            #expect(reply.json["status"] as? String == "failing")
            #expect((reply.json["why"] as? String)?.contains("No such file or directory") == true)
            #expect((reply.json["advice"] as? String)?.isEmpty == false)
            try FileManager.default.moveItem(atPath: "\(fixture.data)-away", toPath: fixture.data)
            #expect(try HTTPClient.get("/health", port: fixture.port).status == 200)
        }
    }

    @Test func healthLeavesNothingInTheDataDirectory() async throws {
        try await HTTPFixture.with { fixture in
            let before = try FileManager.default.contentsOfDirectory(atPath: fixture.data).sorted()
            _ = try HTTPClient.get("/health", port: fixture.port)
            #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.data).sorted() == before)
        }
    }

    @Test func volumesAreListedWithTheirGenerations() async throws {
        try await HTTPFixture.with { fixture in
            try fixture.addVolume("web01", "sda")
            try fixture.addVolume("web02", "sda", generation: false)
            let list = try #require(
                try HTTPClient.get("/volumes", port: fixture.port).json["volumes"] as? [[String: Any]]
            )
            #expect(list.map { $0["volume"] as? String } == ["web01/sda", "web02/sda"])
            let one = try HTTPClient.get("/volumes/web01/sda", port: fixture.port)
            #expect(one.status == 200)
            #expect(one.json["sizeBytes"] as? Int == 8 << 20)
            #expect((one.json["allocatedBytes"] as? Int).map { $0 < 8 << 20 } == true)
            #expect(one.json["generation"] as? Int == 1)
            #expect(one.json["pass"] as? Int == 3)
            #expect(one.json["consistency"] as? String == "consistent")
            #expect(one.json["verifiedAt"] as? String == "2026-01-01T00:02:00.000000Z")
            #expect(one.json["root"] as? String == String(repeating: "ab", count: 32))
            let fresh = try HTTPClient.get("/volumes/web02/sda", port: fixture.port)
            #expect(fresh.json["generation"] as? Int == 0)
            #expect(fresh.json["root"] == nil)
        }
    }

    @Test func whatIsKnownOfDisksAndDirectoriesIsNotTold() async throws {
        try await HTTPFixture.with { fixture in
            try fixture.addVolume("web01", "sda")
            for path in ["/health", "/metrics", "/volumes", "/volumes/web01/sda", "/sessions"] {
                let reply = try HTTPClient.get(path, port: fixture.port)
                #expect(!reply.body.contains("SECRET-SERIAL"), "\(path)")
                #expect(!reply.body.contains(fixture.folder.path), "\(path)")
            }
        }
    }

    @Test func headGivesTheHeadersOfGetAndNoBody() async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            for path in ["/volumes", "/sessions", "/no-such"] {
                let head = try client.get(path, method: "HEAD")
                let get = try client.get(path)
                #expect(head.status == get.status && head.body.isEmpty && !get.body.isEmpty)
                #expect(head.headers == get.headers)
            }
        }
    }

    @Test func everyAnswerTellsByWhichAddressItsClientIsSeen() async throws {
        try await HTTPFixture.with { fixture in
            for path in ["/health", "/no-such"] {
                let reply = try HTTPClient.get(path, port: fixture.port)
                let seen = try #require(reply.headers["ferry-observed-source"])
                #expect(seen.hasPrefix("127.0.0.1:"), "\(seen)")
            }
        }
    }

    @Test func unknownPathsAre404WithACodeAndAdvice() async throws {
        try await HTTPFixture.with { fixture in
            let paths = [
                "/", "/Health", "/health/", "/volumes/", "/volumes/web01", "/volumes/web01/", "/volumes//sda",
                "/volumes/web01/sda/x", "/metrics.json", "/../etc/passwd", "//health", "*",
            ]
            for path in paths {
                let reply = try HTTPClient.get(path, port: fixture.port)
                #expect(reply.status == 404, "\(path)")
                let error = reply.json["error"] as? [String: String]
                #expect(error?["code"] == "http.unknown-path", "\(path)")
                #expect(error?["advice"]?.contains("/metrics") == true)
            }
            for path in ["/volumes/web01/sda", "/volumes/../x", "/volumes/%2e%2e/x"] {
                let reply = try HTTPClient.get(path, port: fixture.port)
                #expect(reply.status == 404, "\(path)")
                #expect((reply.json["error"] as? [String: String])?["code"] == "volume.unknown")
            }
            #expect(try HTTPClient.get("/health?verbose=1", port: fixture.port).status == 200)
        }
    }

    @Test func nothingCanBeChanged() async throws {
        try await HTTPFixture.with { fixture in
            for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
                let reply = try HTTPClient.get("/volumes", port: fixture.port, method: method)
                #expect(reply.status == 405, "\(method)")
                #expect(reply.headers["allow"] == "GET, HEAD")
                #expect((reply.json["error"] as? [String: String])?["code"] == "http.method")
            }
        }
    }

    @Test func requestsSentAtOnceAreAnsweredInTheirOrder() async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            client.send(
                "GET /volumes HTTP/1.1\r\nHost: a\r\n\r\nHEAD /health HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "GET /none HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            )
            var text = try #require(client.receiveAll())
            #expect(HTTPReply(&text)?.body == "{\"volumes\":[]}\n")
            #expect(HTTPReply(&text, isHead: true)?.status == 200)
            #expect(HTTPReply(&text)?.status == 404)
            #expect(text.isEmpty)
        }
    }

    @Test func olderClientIsAnsweredAndItsConnectionClosed() async throws {
        try await HTTPFixture.with { fixture in
            let client = try HTTPClient(port: fixture.port)
            client.send("GET /sessions HTTP/1.0\r\n\r\n")
            var text = try #require(client.receiveAll())
            #expect(HTTPReply(&text)?.body == "{\"sessions\":[]}\n")
        }
    }
}
