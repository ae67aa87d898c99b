import Foundation
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"), .serialized)
struct BootTests {
    /// Makes a system disk with `script`, moves it through three cut connections, exports it and boots what arrived.
    private func move(_ script: [String], cutAfter: [Int], boot: [String]) async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            let (made, output) = try await RunningProgram.run(
                ["\(Programs.repository)/scripts/\(script[0])", disk] + script.dropFirst(),
                in: site.folder,
                seconds: 900
            )
            #expect(made == 0, "\(output)")
            let line = output.split(separator: "\n").last { $0.hasPrefix("marker: ") } ?? ""
            let marker = String(line.dropFirst("marker: ".count))
            #expect(!marker.isEmpty, "\(output)")

            let staging = try await site.startStaging()
            let relay = try await CuttingRelay(to: staging.port) { connection in
                connection < cutAfter.count ? .resetAfter(cutAfter[connection]) : .none
            }
            let agent = try site.start(site.replicate(disk, to: relay.port))
            #expect(try await agent.wait(300) == 0, "\(agent.output.suffix(3000))")
            #expect(Events(agent.output).progress("interruptions") == cutAfter.count, "\(agent.output.suffix(3000))")
            try site.expectEqual(disk)
            try await relay.close()

            let image = "\(site.folder)/image.qcow2"
            try await site.ferry(
                "staging",
                "export",
                "web01/sda",
                "--data",
                "\(site.folder)/data",
                "--format",
                "qcow2",
                "--out",
                image
            )
            let (booted, console) = try await RunningProgram.run(
                [
                    "\(Programs.repository)/scripts/boot-image.sh", image, "--format", "qcow2", "--marker", marker,
                    "--timeout", "300",
                ] + boot,
                in: site.folder,
                seconds: 330
            )
            #expect(booted == 0, "\(console)")
        }
    }

    @Test func smallSystemDiskBootsAfterThreeCutConnections() async throws {
        try await move(
            ["make-boot-disk.sh", "--table", "gpt"],
            cutAfter: [1_500_000, 2_500_000, 3_500_000],
            boot: []
        )
    }

    @Test(.enabled(if: Programs.isFull, "make test-full boots a whole Debian"), arguments: ["bios", "uefi"])
    func debianBootsAfterThreeCutConnections(firmware: String) async throws {
        try await move(
            ["make-debian-disk.sh", "--firmware", firmware],
            cutAfter: [5_000_000, 20_000_000, 40_000_000],
            boot: ["--firmware", firmware, "--memory", "512MiB"]
        )
    }
}
