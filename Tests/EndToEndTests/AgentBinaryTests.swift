import Foundation
import Glibc
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct AgentBinaryTests {
    @Test func agentIsSmallStaticAndFreeOfWhatItMustNotPullIn() throws {
        let binary = try Data(contentsOf: URL(fileURLWithPath: Programs.agent), options: .mappedIfSafe)
        #expect(binary.count < 30 << 20, "\(binary.count) B")
        // The signs are to be seen where they are: ferry has them.
        let other = try Data(contentsOf: URL(fileURLWithPath: Programs.ferry), options: .mappedIfSafe)
        #expect(other.range(of: Data("FoundationEssentials".utf8)) != nil)
        // An interpreter is what a program with dynamic libraries names.
        #expect(binary.range(of: Data("/lib64/ld-linux".utf8)) == nil)
        for sign in [
            "sqlite3_open", "SQLite format 3", "icudt", "u_charsToUChars", "FoundationEssentials", "FoundationICU",
            "$s10Foundation", "ArgumentParser", "Hummingbird", "_CryptoExtras",
        ] {
            #expect(binary.range(of: Data(sign.utf8)) == nil, "\(sign) is in ferry-agent")
        }
    }

    @Test(.enabled(if: getuid() == 0, "chroot needs root"))
    func agentRunsWhereThereIsNothingButItselfAndProc() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 11)
            let staging = try await site.startStaging()
            let root = "\(site.folder)/root"
            let (status, output) = try await RunningProgram.run(
                [
                    "unshare", "-m", "bash", "-c",
                    """
                    set -eu
                    mkdir -p '\(root)/proc' '\(root)/identity'
                    cp '\(Programs.agent)' '\(root)/ferry-agent'; cp '\(disk)' '\(root)/sda'
                    cp '\(site.folder)'/agent/*.pem '\(root)/identity/'
                    mount -t proc proc '\(root)/proc'
                    chroot '\(root)' /ferry-agent inspect /sda
                    exec chroot '\(root)' /ferry-agent replicate --disk /sda --to 127.0.0.1:\(staging.port) \
                        --job web01 --identity /identity --no-state
                    """,
                ],
                in: site.folder
            )
            guard !output.contains("unshare failed"), !output.contains("permission denied") else {
                print("skipped: no mount namespace here: \(output)")
                return
            }
            #expect(status == 0, "\(output)")
            #expect(output.contains("verified as generation 1"), "\(output)")
            try site.expectEqual(disk)
        }
    }
}
