import Foundation
import Glibc
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"), .serialized)
struct FullStagingDiskTests {
    @Test(.enabled(if: getuid() == 0, "mounting a file system needs root"), arguments: SmallFileSystem.allCases)
    func agentWaitsForRoomAndGoesOnByItself(fileSystem: SmallFileSystem) async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        try await Site.with { site in
            let disk = try await FaultDisk(at: "\(site.folder)/sda", mebibytes: 40, using: &generator)
            try await Loop.with(fileSystem, mebibytes: 96, at: "\(site.folder)/small") {
                let filler = "\(site.folder)/small/filler"
                let (filled, said) = try await RunningProgram.run(
                    [
                        "bash", "-c",
                        """
                        set -eu; cd '\(site.folder)/small'; room=$(($(stat -f -c '%a * %S' .)))
                        head -c $((room - (12 << 20))) /dev/zero > filler
                        """,
                    ],
                    in: site.folder
                )
                #expect(filled == 0, "\(said)")
                let staging = try await site.startStaging(data: "small/data")
                let agent = try site.start(site.replicate(disk.path, to: staging.port))
                let refusals = try await refusals(of: agent, atLeast: 5)
                #expect(refusals.allSatisfy { $0 == "staging.no-space" }, "seed \(seed): \(refusals)")
                #expect(Events(agent.output).named("waiting").allSatisfy { "\($0["why"] ?? "")".contains("no-space") })

                try FileManager.default.removeItem(atPath: filler)
                #expect(try await agent.wait() == 0, "seed \(seed)\n\(agent.output.suffix(3000))")
                let volume = site.volume(disk.path, data: "small/data")
                #expect(try VolumeComparison.difference(of: disk.path, volume) == nil, "seed \(seed)")
                try await site.ferry("staging", "verify", "web01/sda", "--data", "\(site.folder)/small/data")
                try await staging.program.killAndWait()
            }
        }
    }

    @Test(.enabled(if: getuid() == 0, "mounting a file system needs root"))
    func gapsGrowWhileNothingBecomesDurable() async throws {
        var generator = SeededGenerator(seed: 23)
        try await Site.with { site in
            let disk = try await FaultDisk(at: "\(site.folder)/sda", mebibytes: 60, using: &generator)
            try await Loop.with(.tmpfs, mebibytes: 12, at: "\(site.folder)/small") {
                let staging = try await site.startStaging(data: "small/data")
                let agent = try site.start(site.replicate(disk.path, to: staging.port))
                _ = try await refusals(of: agent, atLeast: 7)
                let gaps = Events(agent.output).named("waiting").compactMap { $0["nextTrySeconds"] as? Double }
                // Each is twice the one before, within a quarter, so that the third is at least 1.5 s.
                #expect(gaps.contains { $0 > 1.3 }, "\(gaps)")
                try await agent.killAndWait()
                try await staging.program.killAndWait()
            }
        }
    }

    /// Why the agent's lanes ended, once so many have.
    private func refusals(of agent: RunningProgram, atLeast count: Int) async throws -> [String] {
        let deadline = Date().addingTimeInterval(60)
        while true {
            let codes = Events(agent.output).named("lane-ended").map { $0["code"] as? String ?? "" }
            if codes.count >= count { return codes }
            guard agent.ended() == nil, Date() < deadline else {
                throw TestFailure("the agent was refused \(codes.count) times; it said:\n\(agent.output.suffix(3000))")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
