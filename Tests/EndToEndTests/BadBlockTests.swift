import Foundation
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct BadBlockTests {
    @Test func badBlocksInTheMiddleAreZerosReportedAndMendedOnceTheyCanBeRead() async throws {
        try await Site.with { site in
            let failing = try await CompiledTool.make("failing_reads", in: site.folder)
            // Within what is copied whole, and behind every byte of the agent's own state.
            let bad = 37 << 20 | 12 << 10..<37 << 20 | 28 << 10
            let disk = "\(site.folder)/sda"
            var generator = SeededGenerator(seed: 14)
            let content = Data(generator.bytes(1 << 20))
            try #require(FileManager.default.createFile(atPath: disk, contents: nil))
            let file = try #require(FileHandle(forWritingAtPath: disk))
            for _ in 0..<40 { try file.write(contentsOf: content) }
            let staging = try await site.startStaging()
            let words = site.replicate(disk, to: staging.port)

            let agent = try site.start([failing, "\(bad.lowerBound)", "\(bad.upperBound)"] + words)
            #expect(try await agent.wait() == 3, "\(agent.output.suffix(3000))")
            let events = Events(agent.output)
            let extents = events.named("damaged").flatMap { $0["extents"] as? [[String: Int]] ?? [] }
            #expect(extents == [["offset": bad.lowerBound, "length": bad.count]])
            #expect(events.progress("damagedBytes") == bad.count)
            let volume = try Data(contentsOf: URL(fileURLWithPath: site.volume(disk)), options: .mappedIfSafe)
            #expect(volume[bad] == Data(count: bad.count))
            #expect(volume[(37 << 20)..<bad.lowerBound] == content[..<(12 << 10)])
            #expect(volume[bad.upperBound..<(38 << 20)] == content[(28 << 10)...])
            try await site.ferry("staging", "verify", "web01/sda", "--data", "\(site.folder)/data")

            let healed = try site.start(words)
            #expect(try await healed.wait() == 0, "\(healed.output.suffix(3000))")
            #expect(Events(healed.output).named("damaged").isEmpty)
            try site.expectEqual(disk)
        }
    }
}
