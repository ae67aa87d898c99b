import FerryEvidence
import Testing

@testable import FerryCommands

@Suite struct ProbeSummaryTests {
    private func record(_ outcome: ProbeOutcome, _ failure: String? = nil) -> ProbeRecord {
        var plan = ProbePlan(id: "p1", vantage: "here", host: "nosuch.invalid", port: 80, speaks: .tcp)
        plan.sourcePort = 40_000
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.phase, record.outcome, record.failure) = (.connect, outcome, failure)
        return record
    }

    @Test func portThatIsInUseIsSaidAndWhatToDo() {
        let inUse = record(.notSent, ProbeRecord.portInUse)
        #expect(inUse.told == "nothing was sent: the local port 40000 is in use (NOT_SENT)")
        let text = ProbeSummary([inUse]).text
        #expect(text == "nothing was sent: the local port 40000 is in use. Choose another with --from-port.")
    }

    @Test func nameThatIsNotFoundIsSaidOnceWithItsCount() {
        let unknown = record(.notSent, ProbeRecord.nameNotFound)
        let text = ProbeSummary([unknown, unknown, record(.ok)]).text
        #expect(text.hasPrefix("1 of 3 worked; 2 times nothing was sent: the name nosuch.invalid could not be found. "))
    }

    @Test func seriesThatWasInterruptedTellsWhatWasMadeAndOfHowMany() {
        let text = ProbeSummary([record(.ok), record(.connectReset)]).interrupted(of: 9)
        #expect(
            text.hasPrefix(
                "it was interrupted after 2 of 9 connections: 1 of 2 worked; connected, then reset before a word. "
            )
        )
        #expect(ProbeSummary([record(.ok)]).interrupted(of: 2).hasSuffix("1 of 2 connections: 1 of 1 worked"))
        let none = ProbeSummary([])
        #expect(none.interrupted(of: 9) == "it was interrupted before the first of 9 connections was over")
        #expect(none.interrupted(of: 1) == "it was interrupted before the connection was over")
    }

    @Test func connectionsBesideAreCountedToo() {
        var many = record(.connectReset)
        many.outcomes = [.ok, .connectReset, .connectReset]
        #expect(ProbeSummary([many]).text.hasPrefix("2 times connected, then reset before a word. "))
    }
}
