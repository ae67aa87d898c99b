import Foundation
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct DeltaTests {
    /// A chunk of which a block becomes zero leaves two whose content the staging server has, under other names: of
    /// these nothing is sent, and what is sent beside them has to arrive all the same.
    @Test func blockThatBecomesZeroCostsNoConnection() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            var generator = SeededGenerator(seed: 21)
            var content = Data(generator.bytes(4 << 20))
            try content.write(to: URL(fileURLWithPath: disk))
            let staging = try await site.startStaging()
            let first = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await first.wait() == 0, "\(first.output)")

            for block in [3, 300] { content.resetBytes(in: block << 12..<(block + 1) << 12) }
            for block in [200, 700] {
                content.replaceSubrange(block << 12..<(block + 1) << 12, with: generator.bytes(4096))
            }
            // In place: another file would be another disk.
            let file = try #require(FileHandle(forUpdatingAtPath: disk))
            try file.write(contentsOf: content)
            try file.close()
            let delta = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await delta.wait() == 0, "\(delta.output.suffix(2000))")
            try site.expectEqual(disk)
            #expect(Events(delta.output).named("lane-ended").isEmpty, "\(delta.output.suffix(3000))")
            #expect(Events(delta.output).progress("contentBytes") == 2 * 4096)
        }
    }
}
