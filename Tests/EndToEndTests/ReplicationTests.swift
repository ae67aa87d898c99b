import Foundation
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct ReplicationTests {
    @Test func copyIsEqualAndDeltaSendsWhatChanged() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, seed: seed)
            let staging = try await site.startStaging()
            let first = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await first.wait() == 0, "seed \(seed)\n\(first.output)")
            try site.expectEqual(disk, "seed \(seed)")
            #expect(Events(first.output).progress("unusedBytes") > 0)

            try await TestDisk.change(disk, blocks: 100, seed: seed)
            let delta = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await delta.wait() == 0, "seed \(seed)\n\(delta.output)")
            try site.expectEqual(disk, "seed \(seed)")
            let content = Events(delta.output).progress("contentBytes")
            #expect(content > 0 && content <= 100 * 4096, "seed \(seed)")

            let list = try await site.ferry("staging", "volumes", "--data", "\(site.folder)/data")
            #expect(list.contains("generation 2"))
            try await site.ferry("staging", "verify", "web01/sda", "--data", "\(site.folder)/data")
            staging.program.send(SIGTERM)
            #expect(try await staging.program.wait() == 0)
        }
    }

    @Test func secondServerSendsOnlyWhatTheFirstHasNot() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, seed: 5)
            try await site.ferry(
                "pki",
                "issue",
                "\(site.folder)/ca",
                "--agent",
                "web02",
                "--out",
                "\(site.folder)/agent2"
            )
            let staging = try await site.startStaging()
            let first = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await first.wait() == 0, "\(first.output)")
            let second = try site.start(site.replicate(disk, to: staging.port, job: "web02", identity: "agent2"))
            #expect(try await second.wait() == 0, "\(second.output)")
            try site.expectEqual(disk, job: "web02")
            #expect(Events(second.output).progress("contentBytes") == 0)
        }
    }

    @Test func agentThatForgotEverythingSendsNothingTwice() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, seed: 6)
            let staging = try await site.startStaging()
            let first = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await first.wait() == 0, "\(first.output)")
            try FileManager.default.removeItem(atPath: "\(site.folder)/state")
            let second = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await second.wait() == 0, "\(second.output)")
            #expect(Events(second.output).progress("contentBytes") == 0)
            try site.expectEqual(disk)
        }
    }

    @Test(arguments: [700_001, 4096 * 300 + 3, 1, 5_000_000])
    func imageOfAnySizeIsCopied(length: Int) async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            var generator = SeededGenerator(seed: UInt64(length))
            try Data(generator.bytes(length)).write(to: URL(fileURLWithPath: disk))
            let staging = try await site.startStaging()
            let agent = try site.start(site.replicate(disk, to: staging.port))
            let status = try await agent.wait()
            if length < 512 {
                #expect(status == 2 && agent.output.contains("disk.too-small"), "\(agent.output)")
            } else {
                #expect(status == 0, "\(agent.output.suffix(2000))")
                try site.expectEqual(disk)
            }
        }
    }

    @Test func exportedImageHoldsTheSameBlocks() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 96, seed: 7)
            let staging = try await site.startStaging()
            let agent = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await agent.wait() == 0, "\(agent.output)")
            for format in ["raw", "qcow2", "vpc"] {
                let image = "\(site.folder)/image.\(format)"
                try await site.ferry(
                    "staging",
                    "export",
                    "web01/sda",
                    "--data",
                    "\(site.folder)/data",
                    "--format",
                    format,
                    "--out",
                    image
                )
                let (status, output) = try await RunningProgram.run(
                    ["qemu-img", "compare", "-f", format, "-F", "raw", image, site.volume(disk)],
                    in: site.folder
                )
                #expect(status == 0, "\(format): \(output)")
            }
        }
    }
}

/// The events that an agent told with `--json`.
struct Events {
    let all: [[String: Any]]

    init(_ output: String) {
        all = output.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    /// The last value of a member of the progress.
    func progress(_ member: String) -> Int {
        all.last { $0["event"] as? String == "progress" }?[member] as? Int ?? -1
    }

    /// The events named `name`.
    func named(_ name: String) -> [[String: Any]] { all.filter { $0["event"] as? String == name } }
}
