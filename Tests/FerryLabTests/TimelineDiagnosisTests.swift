import FerryCore
import Testing

@testable import FerryLab

@Suite struct TimelineDiagnosisTests {
    private func timeline(_ acts: String, site: String = LabSite.text) throws -> Timeline {
        let text = """
            timeline: t
            title: a story
            topology: t.yaml
            staging: { node: staging1, address: 203.0.113.11, ports: [8703, 8702], disk: 1MiB }
            steps:
              - when: today
                says: something
                does:
                  \(acts)
            """
        return try Timeline(parsing: text, path: "t", in: try Topology(parsing: LabSite.nodes + site, path: "t.yaml"))
    }

    @Test func whatIsExpectedOfADiagnosisIsRead() throws {
        let all = "- diagnose: { tier: 2, cause: anti-abuse-block, remedy: ask-cloud-to-allowlist }"
        #expect(
            try timeline(all).steps[0].acts == [
                .diagnose(.init(tier: 2, cause: "anti-abuse-block", remedy: "ask-cloud-to-allowlist"))
            ]
        )
        #expect(try timeline("- diagnose: {}").steps[0].acts == [.diagnose(.init())])
    }

    @Test(arguments: ["tier: 4", "cause: bad-luck", "remedy: pray", "within: 3s"])
    func whatNobodyCanCheckIsTold(expected: String) {
        #expect(throws: FerryError.self) { try timeline("- diagnose: { \(expected) }") }
    }

    @Test func withoutASiteThereIsNothingToDiagnose() {
        #expect(throws: FerryError.self) { try timeline("- diagnose: {}", site: "") }
    }

    @Test func suspectOfAStorySpeaksAsTheRealServerAndOthersAsBefore() throws {
        let site = try LabSite.site().speaking(try timeline("- stop: yes"))
        #expect(site.suspect.speaks == "tls")
        #expect(site.otherDestinations.map(\.speaks) == ["rsync", "rsync", nil])
        #expect(site.controls.map(\.speaks) == ["http"])
    }

    @Test func verdictIsToldWithWhatItHasCost() {
        let lines = TimelineText.verdict(.sample(), .milliseconds(8200))
        #expect(lines.count == 4 && lines[3].hasSuffix("8.2 s"))
        #expect(TimelineText.verdictAtTheEnd(.sample(), .milliseconds(8200)).contains(Verdict.sample().remedy))
    }
}
