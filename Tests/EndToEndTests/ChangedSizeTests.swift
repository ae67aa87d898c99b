import Foundation
import Glibc
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct ChangedSizeTests {
    /// Sizes that a disk of 48 MiB changes to.
    private static let sizes = [40 << 20, 56 << 20]

    private func resize(_ disk: String, to size: Int) throws {
        let file = try #require(FileHandle(forUpdatingAtPath: disk))
        try file.truncate(atOffset: UInt64(size))
        try file.close()
    }

    @Test(arguments: sizes)
    func diskThatChangesItsSizeBetweenTwoPassesIsFollowed(size: Int) async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 16)
            let staging = try await site.startStaging()
            let agent = try site.start(site.replicate(disk, to: staging.port, ["--continuous", "--interval", "3s"]))
            try await agent.says("\"event\":\"resting\"")
            try resize(disk, to: size)
            try await agent.says("the job begins anew with the new size")
            try await agent.says("\"event\":\"resting\"", times: 2)
            agent.send(SIGTERM)
            #expect(try await agent.wait() == 1)
            try site.expectEqual(disk, "\(agent.output.suffix(2000))")
            try await site.ferry("staging", "verify", "web01/sda", "--data", "\(site.folder)/data")
        }
    }

    @Test(arguments: sizes)
    func diskThatChangedItsSizeBetweenTwoRunsSendsNothingTwice(size: Int) async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 17)
            let staging = try await site.startStaging()
            let first = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await first.wait() == 0, "\(first.output.suffix(2000))")
            try resize(disk, to: size)
            let second = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await second.wait() == 0, "\(second.output.suffix(2000))")
            try site.expectEqual(disk)
            #expect(Events(second.output).progress("contentBytes") < 1 << 20)
            try await site.ferry("staging", "verify", "web01/sda", "--data", "\(site.folder)/data")
        }
    }
}
