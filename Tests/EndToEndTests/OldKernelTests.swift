import Foundation
import Testing

/// The agent where the kernel answers ENOSYS to every system call that Linux 3.10 does not have.
@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct OldKernelTests {
    @Test func agentMovesADisk() async throws {
        try await Site.with { site in
            let old = try await CompiledTool.make("old_kernel", in: site.folder)
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 12)
            let staging = try await site.startStaging()
            for pass in 1...2 {
                let agent = try site.start([old] + site.replicate(disk, to: staging.port))
                #expect(try await agent.wait() == 0, "pass \(pass): \(agent.output.suffix(2000))")
                try site.expectEqual(disk)
                try await TestDisk.change(disk, blocks: 20, seed: 12)
            }
        }
    }

    @Test func agentMovesADiskThatItForgets() async throws {
        try await Site.with { site in
            let old = try await CompiledTool.make("old_kernel", in: site.folder)
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 12)
            let staging = try await site.startStaging()
            var words = site.replicate(disk, to: staging.port)
            let place = try #require(words.firstIndex(of: "--state"))
            words.replaceSubrange(place...place + 1, with: ["--no-state"])
            let agent = try site.start([old] + words)
            #expect(try await agent.wait() == 0, "\(agent.output.suffix(2000))")
            try site.expectEqual(disk)
        }
    }

    @Test func agentLooksAtADiskAndChecksTheWay() async throws {
        try await Site.with { site in
            let old = try await CompiledTool.make("old_kernel", in: site.folder)
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 13)
            let staging = try await site.startStaging()
            let (inspected, partitions) = try await RunningProgram.run(
                [old, Programs.agent, "inspect", disk],
                in: site.folder
            )
            #expect(inspected == 0 && partitions.contains("ext4"), "\(partitions)")
            let (checked, findings) = try await RunningProgram.run(
                [
                    old, Programs.agent, "check", "--disk", disk, "--to", "127.0.0.1:\(staging.port)", "--identity",
                    "\(site.folder)/agent",
                ],
                in: site.folder
            )
            // What is wrong with the machine that runs the tests is no concern here.
            #expect(checked == 0 || checked == 3, "\(findings)")
            #expect(findings.contains("OK        network.rate"), "\(findings)")
            #expect(findings.contains("OK        disk.open"), "\(findings)")
        }
    }
}
