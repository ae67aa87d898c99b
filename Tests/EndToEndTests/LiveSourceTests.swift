import FerryCore
import Foundation
import Glibc
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct LiveSourceTests {
    @Test(.enabled(if: getuid() == 0, "mounting a file system needs root"))
    func finalPassOverAFrozenFileSystemIsConsistent() async throws {
        try await Site.with { site in
            try await LiveFileSystem.with(in: site.folder) { live in
                let staging = try await site.startStaging()
                let agent = try site.start(site.replicate(live.device, to: staging.port, ["--freeze"]))
                try await expectConsistent(agent, site, live)
            }
        }
    }

    @Test(.enabled(if: getuid() == 0, "mounting a file system needs root"))
    func fileSystemThatHoldsTheAgentsStateAndItsOutputIsFrozenToo() async throws {
        try await Site.with { site in
            try await LiveFileSystem.with(in: site.folder) { live in
                let staging = try await site.startStaging()
                var words = site.replicate(live.device, to: staging.port, ["--freeze"])
                let state = try #require(words.firstIndex(of: "--state"))
                words[state + 1] = "\(live.mountPoint)/state"
                let agent = try RunningProgram(words, output: "\(live.mountPoint)/agent.log")
                try await expectConsistent(agent, site, live)
                let log = try String(contentsOfFile: "\(live.mountPoint)/state/web01/events.jsonl", encoding: .utf8)
                for event in ["lane-started", "freezing", "frozen", "thawed", "verified"] {
                    #expect(Events(log).named(event).count >= 1, "\(event)\n\(log)")
                }
                // What was remembered while nothing could be written is in the state afterwards.
                let again = try RunningProgram(words, output: "\(site.folder)/again.log")
                #expect(try await again.wait() == 0, "\(again.output)")
                let progress = try #require(Events(again.output).named("progress").last)
                #expect((progress["contentBytes"] as? Int).map { $0 < 16 << 20 } == true, "\(progress)")
            }
        }
    }

    @Test(.enabled(if: getuid() == 0, "mounting a file system needs root"))
    func whatIsWrittenBesideTheFrozenFileSystemMakesTheGenerationFuzzy() async throws {
        try await Site.with { site in
            try await LiveFileSystem.with(in: site.folder) { live in
                // As a virtual machine's disk on another volume of the same device: past the file system, to its end.
                // All the time, because a frozen pass may last no longer than some hundredths of a second.
                let script = """
                    use IO::Handle; open(my $disk, "+<", "\(live.device)") or die;
                    while (1) { sysseek($disk, 512, 0); syswrite($disk, rand() x 20, 200); $disk->sync; }
                    """
                let writer = try RunningProgram(["perl", "-e", script], output: "\(site.folder)/busy.log")
                let staging = try await site.startStaging()
                let agent = try site.start(site.replicate(live.device, to: staging.port, ["--freeze"]))
                let status = try await agent.wait()
                try await writer.killAndWait()
                #expect(status == 3, "\(agent.output.suffix(3000))")
                #expect(agent.output.contains("were written to it while its file systems were frozen"))
                #expect(try await site.ferry("staging", "volumes", "--data", "\(site.folder)/data").contains("fuzzy"))
            }
        }
    }

    @Test(.enabled(if: getuid() == 0 && Programs.isFull, "mounts a file system, and takes long"))
    func freezeThatIsNeverLongEnoughIsTriedAgainAndSaidToHaveBeenTooShort() async throws {
        try await Site.with { site in
            try await LiveFileSystem.with(in: site.folder) { live in
                // As much is written as may be sent, so that a frozen pass has seconds of work before it.
                let script = "while true; do head -c 16M /dev/urandom > '\(live.mountPoint)/busy'; sleep 1; done"
                let writer = try RunningProgram(["bash", "-c", script], output: "\(site.folder)/busy.log")
                let staging = try await site.startStaging()
                let limits = ["--freeze", "--freeze-limit", "1s", "--rate", "40Mbit/s"]
                let agent = try site.start(site.replicate(live.device, to: staging.port, limits))
                let status = try await agent.wait(180)
                try await writer.killAndWait()
                #expect(status == 3, "\(agent.output.suffix(3000))")
                #expect(Events(agent.output).named("frozen").count == 3)
                try await site.ferry("staging", "verify", "web01/\(live.name)", "--data", "\(site.folder)/data")
            }
        }
    }

    private func expectConsistent(_ agent: RunningProgram, _ site: Site, _ live: LiveFileSystem) async throws {
        #expect(try await agent.wait() == 0, "\(agent.output)")
        let events = Events(agent.output)
        #expect(events.named("frozen").count == 1 && events.named("thawed").count == 1)
        #expect(events.named("thawed").first?["inTime"] as? Bool == true)
        let volumes = try await site.ferry("staging", "volumes", "--data", "\(site.folder)/data")
        #expect(volumes.contains("consistent"))
        let (checked, said) = try await RunningProgram.run(
            ["e2fsck", "-fn", site.volume(live.device)],
            in: site.folder
        )
        #expect(checked == 0, "\(said)")
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
            try await agent.says("\"generation\":\(last + 2)")
            agent.send(SIGTERM)
            #expect(try await agent.wait() == 1)
            try site.expectEqual(disk)
        }
    }
}
