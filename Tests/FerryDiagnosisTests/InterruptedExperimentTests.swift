import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// What is noted of an experiment that was interrupted.
@Suite struct InterruptedExperimentTests {
    private static let plan = ProbePlan(id: "p2", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .rsync)

    private static func record(_ outcome: ProbeOutcome, _ closedBy: ProbeRecord.Closer) -> ProbeRecord {
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.outcome, record.closedBy) = (outcome, closedBy)
        return record
    }

    @Test func onlyWhatCameToItsEndIsNoted() throws {
        var result = ExperimentResult()
        #expect(IncidentReplay.entry(interrupted: result, at: 5) == nil)
        result.probe = Self.record(.notSent, .nobody)
        result.probe?.vantageProblem = "it was interrupted"
        #expect(IncidentReplay.entry(interrupted: result, at: 5) == nil)
        result.before = Self.record(.ok, .us)
        result.endedAt = 7
        let entry = try #require(IncidentReplay.entry(interrupted: result, at: 5))
        #expect(entry.experiment == nil && entry.question == nil && entry.endedAt == 7)
        #expect(entry.probes?.map(\.outcome) == [.ok])
    }

    @Test(arguments: [(ProbeRecord.Closer.peer, 120.0), (.nobody, 60)])
    func itMovesNoBeliefAndTheSuspectHasSeenIt(closedBy: ProbeRecord.Closer, wait: Double) throws {
        var result = ExperimentResult()
        result.probe = Self.record(.midReset, closedBy)
        result.endedAt = 10
        var engine = DiagnosisEngine(EngineTests.site, tier: 2, timeScale: 1)
        let before = engine.belief.probabilities
        var replay = IncidentReplay(startedAt: try #require(UTCTime(parsing: "2026-01-01T00:00:00Z")))
        replay.take(IncidentReplay.entry(asking: Self.plan, at: 10), into: &engine)
        replay.take(try #require(IncidentReplay.entry(interrupted: result, at: 9)), into: &engine)
        replay.end(into: &engine)
        #expect(engine.belief.probabilities == before && engine.done.isEmpty)
        #expect(engine.guards.suspectConnects == 1)
        #expect(engine.guards.wait(for: engine.view.contact(Self.plan), now: 10) == wait)
    }

    @Test func timeBetweenTwoRunsIsNeitherCostNorBudgetNorDifferentWhenItIsReadAgain() throws {
        let startedAt = UTCTime(microseconds: 0)
        var onward = IncidentEntry(at: 5000)
        (onward.goesOnFrom, onward.unreachable) = (40, ["staging"])
        var before = IncidentEntry(at: 0)
        before.unreachable = ["edge"]
        var engine = DiagnosisEngine(EngineTests.site, tier: 2, timeScale: 1)
        let budget = engine.ends
        var replay = IncidentReplay(startedAt: startedAt)
        for entry in [before, IncidentReplay.entry(asking: Self.plan, at: 40), onward] {
            let read = try JSONValue(parsing: JSONValue(encoding: entry).json, from: "test")
                .decoded(as: IncidentEntry.self, from: "test")
            replay.take(read, into: &engine)
        }
        let document = engine.document(startedAt: startedAt, endedAt: startedAt, seconds: 5010)
        #expect(document.cost?.seconds == 50 && document.cost?.suspectConnects == 1)
        #expect(engine.ends == 5000 + budget - 40)
        // Who could be asked when it went on, and who could not.
        #expect(engine.unreachable == ["staging"])
    }
}
