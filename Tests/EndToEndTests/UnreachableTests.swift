import Foundation
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct UnreachableTests {
    @Test func agentWhoseEndpointsAreAllDeadSaysSoWaitsLongerAndLongerAndGoesOnByItself() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 18)
            // The port is free once its server is gone, and kept for it.
            let gone = try await site.startStaging()
            try await gone.program.killAndWait()
            var words = site.replicate(disk, to: gone.port)
            let place = try #require(words.firstIndex(of: "--to"))
            words[place + 1] = "127.0.0.1:1,127.0.0.1:\(gone.port)"
            let agent = try site.start(words)
            let deadline = Date().addingTimeInterval(60)
            var waits: [[String: Any]] = []
            while Date() < deadline, !waits.contains(where: { $0["nextTrySeconds"] as? Double ?? 0 > 2.5 }) {
                try await Task.sleep(for: .milliseconds(50))
                waits = Events(agent.output).named("waiting")
            }
            // The gap before the fourth try of each is four seconds, within a quarter.
            #expect(waits.contains { $0["nextTrySeconds"] as? Double ?? 0 > 2.5 }, "\(agent.output.suffix(3000))")
            #expect(waits.allSatisfy { "\($0["why"] ?? "")".contains("refused") })
            #expect(waits.count >= 2 && waits.last?["unreachableSeconds"] as? Double ?? 0 > 0)
            let refused = Set(Events(agent.output).named("lane-ended").compactMap { $0["port"] as? Int })
            #expect(refused == [1, gone.port])
            #expect(agent.ended() == nil)

            let staging = try await site.startStaging()
            #expect(try await agent.wait() == 0, "\(agent.output.suffix(3000))")
            #expect(staging.program.ended() == nil)
            try site.expectEqual(disk)
        }
    }
}
