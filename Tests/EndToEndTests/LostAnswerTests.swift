import Foundation
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct LostAnswerTests {
    @Test func endOfAPassAndItsAnswerMayDieWithTheirLaneWhileAnotherLives() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, seed: 22)
            let staging = try await site.startStaging()
            let first = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await first.wait() == 0, "\(first.output)")

            let cut = try await CuttingRelay(to: staging.port) { _ in .none }
            let other = try await CuttingRelay(to: staging.port) { _ in .none }
            var words = site.replicate(disk, to: cut.port, ["--lanes", "2"])
            let place = try #require(words.firstIndex(of: "--to"))
            words[place + 1] += ",127.0.0.1:\(other.port)"
            let second = try site.start(words)
            // Nothing has changed: there is nothing to be said but that the pass has ended, on the first lane.
            try await second.says("pass-started")
            try await cut.silenceAll()
            try await Task.sleep(for: .seconds(2))
            try await cut.resetAll()
            #expect(try await second.wait() == 0)
            try site.expectEqual(disk)
            try await cut.close()
            try await other.close()
        }
    }
}
