import Foundation
import Glibc
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct StagingDeviceTests {
    /// A file of `mebibytes` full of what was on the device before.
    private func makeUsedDevice(_ path: String, mebibytes: Int) async throws {
        let (status, output) = try await RunningProgram.run(
            ["bash", "-c", "head -c \(mebibytes)M /dev/urandom > '\(path)'"],
            in: URL(fileURLWithPath: path).deletingLastPathComponent().path
        )
        guard status == 0 else { throw TestFailure("could not make a device: \(output)") }
    }

    @Test(.enabled(if: getuid() == 0, "a loop device needs root"))
    func volumeOnADeviceIsClearedFilledAndFoundAgain() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        try await Site.with { site in
            let disk = try await FaultDisk(at: "\(site.folder)/sda", mebibytes: 40, using: &generator)
            try await makeUsedDevice("\(site.folder)/device", mebibytes: 56)
            try await Loop.with("\(site.folder)/device") { device in
                let volume = ["--volume", "web01/sda=\(device)"]
                func expectEqual(_ comment: Comment) throws {
                    let difference = try VolumeComparison.difference(of: disk.path, device, sameSize: false)
                    #expect(difference == nil, "seed \(seed): \(comment)")
                }
                var staging = try await site.startStaging(volume)
                let first = try site.start(site.replicate(disk.path, to: staging.port))
                #expect(try await first.wait() == 0, "seed \(seed)\n\(first.output.suffix(3000))")
                try expectEqual("after the first pass")
                #expect(!FileManager.default.fileExists(atPath: site.volume(disk.path)))

                // A server that is killed within a delta pass, and started again.
                try await disk.change(using: &generator)
                let delta = try site.start(site.replicate(disk.path, to: staging.port, ["--rate", "50Mbit/s"]))
                try await delta.says("pass-started")
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...200, using: &generator)))
                try await staging.program.killAndWait()
                staging = try await site.startStaging(volume)
                #expect(try await delta.wait() == 0, "seed \(seed)\n\(delta.output.suffix(3000))")
                try expectEqual("after a delta pass with a restart in between")

                // The index knows where the volume lies.
                staging.program.send(SIGTERM)
                #expect(try await staging.program.wait() == 0)
                staging = try await site.startStaging()
                try await disk.change(using: &generator)
                let last = try site.start(site.replicate(disk.path, to: staging.port))
                #expect(try await last.wait() == 0, "seed \(seed)\n\(last.output.suffix(3000))")
                try expectEqual("after a pass without --volume")
                try await site.ferry("staging", "verify", "web01/sda", "--data", "\(site.folder)/data")
                try await staging.program.killAndWait()
            }
        }
    }

    @Test(.enabled(if: getuid() == 0, "a loop device needs root"))
    func deviceSmallerThanTheDiskIsRefused() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 15)
            try await makeUsedDevice("\(site.folder)/device", mebibytes: 47)
            let before = try Data(contentsOf: URL(fileURLWithPath: "\(site.folder)/device"))
            try await Loop.with("\(site.folder)/device") { device in
                let staging = try await site.startStaging(["--volume", "web01/sda=\(device)"])
                let agent = try site.start(site.replicate(disk, to: staging.port))
                #expect(try await agent.wait() == 1)
                #expect(agent.output.contains("volume.mismatch"), "\(agent.output)")
                try await staging.program.killAndWait()
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: "\(site.folder)/device")) == before)
        }
    }
}
