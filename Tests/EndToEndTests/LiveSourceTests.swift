import FerryCore
import Foundation
import Glibc
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct LiveSourceTests {
    @Test(.enabled(if: getuid() == 0, "mounting a file system needs root"))
    func finalPassOverAFrozenFileSystemIsConsistent() async throws {
        try await Site.with { site in
            let folder = site.folder
            let (made, device) = try await RunningProgram.run(
                [
                    "bash", "-c",
                    """
                    set -eu
                    truncate -s 96M '\(folder)/live'; mke2fs -q -t ext4 '\(folder)/live'
                    device=$(losetup -f --show '\(folder)/live'); mkdir '\(folder)/mounted'
                    mount "$device" '\(folder)/mounted' || { losetup -d "$device"; exit 9; }
                    cp -r /usr/share/doc '\(folder)/mounted/' 2>/dev/null || true; echo "$device"
                    """,
                ],
                in: folder
            )
            guard made == 0 else {
                print("skipped: no file system can be loop-mounted here: \(device)")
                return
            }
            let path = device.trimmingCharacters(in: .whitespacesAndNewlines)
            let writer = try RunningProgram(
                ["bash", "-c", "while true; do date >> '\(folder)/mounted/log'; sleep 0.01; done"],
                output: "\(folder)/writer.log"
            )
            do {
                let staging = try await site.startStaging()
                let agent = try site.start(site.replicate(path, to: staging.port, ["--freeze"]))
                #expect(try await agent.wait() == 0, "\(agent.output)")
                let events = Events(agent.output)
                #expect(events.named("frozen").count == 1 && events.named("thawed").count == 1)
                #expect(events.named("thawed").first?["inTime"] as? Bool == true)
                let volumes = try await site.ferry("staging", "volumes", "--data", "\(folder)/data")
                #expect(volumes.contains("consistent"))
                let (checked, said) = try await RunningProgram.run(
                    ["e2fsck", "-fn", site.volume(path)],
                    in: folder
                )
                #expect(checked == 0, "\(said)")
            }
            try await writer.killAndWait()
            _ = try await RunningProgram.run(
                ["bash", "-c", "umount '\(folder)/mounted'; losetup -d '\(path)'"],
                in: folder
            )
        }
    }

    @Test func imageThatNobodyWritesToIsConsistentAndOneThatIsOpenForWritingIsFuzzy() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 2)
            let staging = try await site.startStaging()
            let quiet = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await quiet.wait() == 0, "\(quiet.output)")
            #expect(try await site.ferry("staging", "volumes", "--data", "\(site.folder)/data").contains("consistent"))
            let writer = try #require(FileHandle(forUpdatingAtPath: disk))
            let busy = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await busy.wait() == 0, "\(busy.output)")
            #expect(try await site.ferry("staging", "volumes", "--data", "\(site.folder)/data").contains("fuzzy"))
            try writer.close()
        }
    }

    @Test func diskSwappedUnderItsPathIsRefused() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 2)
            let staging = try await site.startStaging()
            let first = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await first.wait() == 0, "\(first.output)")
            try FileManager.default.removeItem(atPath: disk)
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 3)
            let second = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await second.wait() == 2)
            #expect(second.output.contains("disk.swapped"), "\(second.output)")
        }
    }

    @Test func continuousReplicationGoesOnWithPassAfterPassUntilStopped() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 96, seed: 4)
            let staging = try await site.startStaging()
            let agent = try site.start(
                site.replicate(disk, to: staging.port, ["--continuous", "--interval", "1s"])
            )
            try await agent.says("\"generation\":1")
            try await TestDisk.change(disk, blocks: 30, seed: 4)
            // A pass that was under way may have read before the change; the one after it has not.
            let last = Events(agent.output).named("verified").last?["generation"] as? Int ?? 0
            try await agent.says("\"generation\":\(last + 2)", within: 60)
            agent.send(SIGTERM)
            #expect(try await agent.wait(20) == 1)
            try site.expectEqual(disk)
        }
    }
}
