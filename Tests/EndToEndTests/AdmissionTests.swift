import Foundation
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct AdmissionTests {
    /// Runs an agent that must not get in and returns its status and what it said.
    private func refused(
        _ site: Site,
        _ port: Int,
        job: String = "web01",
        identity: String
    ) async throws -> (Int32, String) {
        let disk = "\(site.folder)/sda"
        let agent = try site.start(site.replicate(disk, to: port, job: job, identity: identity))
        return (try await agent.wait(), agent.output)
    }

    @Test func strangersCertificatesAreRefusedWithTheReason() async throws {
        try await Site.with { site in
            try await TestDisk.make(at: "\(site.folder)/sda", mebibytes: 48, seed: 1)
            let staging = try await site.startStaging()
            // Another authority altogether: the agent does not trust the staging server.
            try await site.ferry("pki", "init", "\(site.folder)/ca2")
            try await site.ferry(
                "pki",
                "issue",
                "\(site.folder)/ca2",
                "--agent",
                "web01",
                "--out",
                "\(site.folder)/foreign"
            )
            var (status, said) = try await refused(site, staging.port, identity: "foreign")
            #expect(status == 1)
            #expect(said.contains("tls.peer-refused"), "\(said)")
            // Trusts the right authority, and shows a certificate of another.
            let mixed = "\(site.folder)/mixed"
            try FileManager.default.copyItem(atPath: "\(site.folder)/foreign", toPath: mixed)
            try FileManager.default.removeItem(atPath: "\(mixed)/ca.pem")
            try FileManager.default.copyItem(atPath: "\(site.folder)/agent/ca.pem", toPath: "\(mixed)/ca.pem")
            (status, said) = try await refused(site, staging.port, identity: "mixed")
            #expect(status == 1)
            #expect(said.contains("tls.refused-by-peer"), "\(said)")
            // A staging server's identity is not an agent's.
            (status, said) = try await refused(site, staging.port, identity: "staging")
            #expect(status == 1, "\(said)")
        }
    }

    @Test func agentReachesOnlyItsOwnJob() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 1)
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
            let (status, said) = try await refused(site, staging.port, job: "web01", identity: "agent2")
            #expect(status == 1)
            #expect(said.contains("job.foreign"), "\(said)")
        }
    }

    @Test(arguments: [
        ["--disk", "/nonexistent"], ["--disk", "/etc"], ["--disk", "/dev/null"], ["--rate", "20"],
        ["--rate", "-5Mbit/s"], ["--rate", "20MB/s"], ["--job", "../etc"], ["--to", "nowhere"],
        ["--to", "[::1]:99999"],
        ["--cores", "0"], ["--memory", "1"], ["--identity", "/nonexistent"], ["--nonsense"],
    ])
    func badInputEndsWithStatusTwoAndAdvice(words: [String]) async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try Data(count: 1 << 20).write(to: URL(fileURLWithPath: disk))
            var all = [
                "--disk": disk, "--to": "127.0.0.1:1", "--job": "web01", "--identity": "\(site.folder)/agent",
                "--state": "\(site.folder)/state",
            ]
            if words.count == 2 { all[words[0]] = words[1] }
            let line =
                [Programs.agent, "replicate"] + all.flatMap { [$0.key, $0.value] } + (words.count == 1 ? words : [])
            let (status, said) = try await RunningProgram.run(line, in: site.folder)
            #expect(status == 2, "\(words): \(said)")
            #expect(said.hasPrefix("ferry-agent: could not "), "\(said)")
        }
    }

    @Test(arguments: [["verify"], ["export", "--format", "raw"], ["snapshot"], ["prove"]])
    func unknownJobIsSaidToBeUnknown(words: [String]) async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 1)
            let staging = try await site.startStaging()
            let agent = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await agent.wait() == 0, "\(agent.output)")
            var more = words.dropFirst() + ["--data", "\(site.folder)/data"]
            if words[0] != "verify" { more += ["--out", "\(site.folder)/out"] }
            if words[0] == "prove" { more += ["--identity", "\(site.folder)/staging"] }
            for volume in ["web02/sda", "web01/sdb", "../sda", "web01"] {
                let (status, said) = try await RunningProgram.run(
                    [Programs.ferry, "staging", words[0], volume] + more,
                    in: site.folder
                )
                #expect(status == 2 && said.contains("volume.unknown"), "\(words[0]) \(volume): \(status) \(said)")
            }
            #expect(!FileManager.default.fileExists(atPath: "\(site.folder)/out"))
        }
    }

    @Test func strangersOnTheDataPortAreCutOffAndTheServerLives() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 1)
            let staging = try await site.startStaging()
            for text in ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "hello\r\n", String(repeating: "\u{1}", count: 100_000)] {
                let answer = try await Telnet.say(text, to: staging.port)
                #expect(answer.isClosed)
            }
            try await staging.program.says("HTTP without TLS")
            let agent = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await agent.wait() == 0, "\(agent.output)")
            try site.expectEqual(disk)
        }
    }
}
