import FerryEvidence
import Testing

@testable import FerryCommands

@Suite struct ProbeTableTests {
    private static let plan = ProbePlan(id: "p1", vantage: "here", host: "203.0.113.11", port: 22, speaks: .tcp)

    private static func record(_ text: String?, _ outcome: ProbeOutcome = .ok) -> ProbeRecord {
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.phase, record.outcome, record.text) = (.done, outcome, text)
        return record
    }

    @Test func wordsOfAServiceAreShownOnceUntilTheyChange() {
        var table = ProbeTable(Self.plan)
        #expect(table.more(Self.record("SSH-2.0-OpenSSH_9.2p1· ")) == ["     says: SSH-2.0-OpenSSH_9.2p1"])
        #expect(table.more(Self.record("SSH-2.0-OpenSSH_9.2p1· ")).isEmpty)
        #expect(table.more(Self.record(nil, .connectReset)).isEmpty)
        #expect(table.more(Self.record("SSH-2.0-OpenSSH_9.2p1· ")).isEmpty)
        #expect(table.more(Self.record("220 ready")) == ["     says: 220 ready"])
    }

    @Test func wordsAreNoLongerThanALineAndHideNothing() throws {
        var table = ProbeTable(Self.plan)
        let long = try #require(table.more(Self.record(String(repeating: "x", count: 200))).first)
        #expect(long == "     says: " + String(repeating: "x", count: 99) + "…")
        #expect(table.more(Self.record("a\u{1B}[2Jb")) == ["     says: a\\u{1B}[2Jb"])
        #expect(table.more(Self.record("· ")).isEmpty)
    }

    @Test func wordsThatTheRowHasAreNotRepeated() {
        var table = ProbeTable(Self.plan)
        let refusal = Self.record("@ERROR: access denied", .applicationError)
        #expect(table.row(1, refusal).contains("@ERROR: access denied"))
        #expect(table.more(refusal).isEmpty)
    }

    @Test func whatBecameOfOthersStandsBelowTheWords() {
        var table = ProbeTable(Self.plan)
        var record = Self.record("220 ready")
        record.outcomes = [.ok, .ok, .connectReset]
        #expect(
            table.more(record) == [
                "     says: 220 ready", "     3 at the same time: 2 works, 1 connected, then reset before a word",
            ]
        )
    }
}
