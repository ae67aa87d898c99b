import FerryCore
import Testing

@testable import FerryLab

@Suite struct AgentJobTests {
    @Test func commandLineSaysWhatWasAskedWithItsUnits() {
        var options = AgentJob.Options(
            name: "web",
            disks: ["/d/sda", "/d/sdb"],
            endpoints: ["203.0.113.11:8703", "203.0.113.12:8703"],
            identity: "/i",
            state: "/s"
        )
        let words = [
            "replicate", "--disk", "/d/sda", "--disk", "/d/sdb", "--to", "203.0.113.11:8703,203.0.113.12:8703", "--job",
            "web", "--identity", "/i", "--state", "/s",
        ]
        #expect(options.words == words + ["--json"])
        options.rate = .megabits(20)
        options.memory = .mebibytes(32)
        options.more = ["--all-blocks"]
        #expect(
            options.words == words + ["--rate", "20000.0kbit/s", "--memory", "32768KiB", "--json", "--all-blocks"]
        )
        #expect((try? BitRate(parsing: "20000.0kbit/s")) == .megabits(20))
        #expect((try? ByteCount(parsing: "32768KiB")) == .mebibytes(32))
    }

    @Test func foldersOfRunsNameTheirProcess() {
        #expect(RunFolder.process(ofFolder: "ferry-lab-run-42-abc") == 42)
        for name in [
            "ferry-lab-run-", "ferry-lab-run-x-abc", "ferry-lab-run-42", "ferry-lab-42-abc", "ferry-lab-run--1-a",
        ] {
            #expect(RunFolder.process(ofFolder: name) == nil)
        }
    }
}
