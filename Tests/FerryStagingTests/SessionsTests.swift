import FerryCore
import FerryWire
import Foundation
import Testing

@testable import FerryStaging

@Suite struct SessionsTests {
    private func sessions(_ fixture: StagingFixture) throws -> [[String: Any]] {
        try #require(try HTTPClient.get("/sessions", port: fixture.http).json["sessions"] as? [[String: Any]])
    }

    @Test func sessionIsListedWithItsLanesAndDisksAsLongAsItLasts() async throws {
        try await StagingFixture.with { fixture in
            let agent = try await TestAgent(port: fixture.port, identity: try fixture.identity())
            try await agent.greet("job01")
            try await agent.say(
                .openDisk(OpenDisk(disk: 0, name: "sda", identity: "x", size: .mebibytes(4), cutRule: 1))
            )
            let isOpen = if case .diskState? = await agent.hear() { true } else { false }
            #expect(isOpen)
            let list = try sessions(fixture)
            #expect(list.count == 1)
            let session = try #require(list.first)
            #expect(session["job"] as? String == "job01")
            #expect(session["agent"] as? String == "web01")
            let lane = try #require((session["lanes"] as? [[String: Any]])?.first)
            #expect((lane["peer"] as? String)?.hasPrefix("127.0.0.1:") == true)
            #expect((lane["ageSeconds"] as? Double).map { $0 > 0 && $0 < 60 } == true)
            #expect((lane["receivedBytes"] as? Int).map { $0 > 20 } == true)
            let disk = try #require((session["disks"] as? [[String: Any]])?.first)
            #expect(disk["disk"] as? String == "sda")
            #expect(disk["doing"] as? String == "waiting")
            #expect(disk["sizeBytes"] as? Int == 4 << 20)
            let metrics = try HTTPClient.get("/metrics", port: fixture.http).body
            #expect(metrics.contains("\nferry_staging_open_lanes 1\n"))
            #expect(metrics.contains("\nferry_staging_volumes 1\n"))
            try await agent.end()
            for _ in 0..<100 where try !sessions(fixture).isEmpty { try await Task.sleep(for: .milliseconds(50)) }
            #expect(try sessions(fixture).isEmpty)
        }
    }
}
