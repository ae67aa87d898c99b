import Foundation
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct ExportTests {
    @Test(arguments: ["raw", "qcow2", "vpc"])
    func volumeThatIsNotItsGenerationIsNotExported(format: String) async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 3)
            let staging = try await site.startStaging()
            let agent = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await agent.wait() == 0, "\(agent.output)")

            // As a pass that has begun would: the index still has the records of the generation.
            let volume = try FileHandle(forUpdating: URL(fileURLWithPath: site.volume(disk)))
            try volume.write(contentsOf: Data(repeating: 0xA5, count: 1 << 20))
            try volume.close()
            let (status, said) = try await RunningProgram.run(
                [
                    Programs.ferry, "staging", "export", "web01/sda", "--data", "\(site.folder)/data", "--format",
                    format, "--out", "\(site.folder)/image",
                ],
                in: site.folder
            )
            #expect(status == 1 && said.contains("volume.not-ready"), "\(status) \(said)")
            let left = try FileManager.default.contentsOfDirectory(atPath: site.folder).filter { $0.hasPrefix("image") }
            #expect(left.isEmpty)
        }
    }

    @Test func secondServerInOneDataDirectoryIsRefusedAndTheFirstWorksOn() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 4)
            let staging = try await site.startStaging()
            let (status, said) = try await RunningProgram.run(
                [
                    Programs.ferry, "staging", "serve", "--data", "\(site.folder)/data", "--listen", "127.0.0.1:0",
                    "--http", "", "--identity", "\(site.folder)/staging",
                ],
                in: site.folder
            )
            #expect(status == 2 && said.contains("staging.data") && said.contains("another"), "\(status) \(said)")
            let agent = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await agent.wait() == 0, "\(agent.output)")
            try site.expectEqual(disk)
        }
    }
}
