import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// When it is said that nothing is wrong.
@Suite struct NothingFailsTests {
    /// What is answered where each connection comes to what `outcome` gives for its number.
    private static func verdict(_ outcome: (Int) -> ProbeOutcome) -> DiagnosisDocument.Verdict {
        var engine = DiagnosisEngine(EngineTests.site, tier: 0, timeScale: 1)
        var number = 0
        func record(_ plan: ProbePlan?) -> ProbeRecord? {
            guard let plan else { return nil }
            number += 1
            var record = ProbeRecord(plan, startedAt: "2026-01-01T12:00:00Z")
            record.outcome = outcome(number)
            (record.source, record.destination) = ("10.10.1.2:40000", "\(plan.host):\(plan.port)")
            (record.connectSeconds, record.durationSeconds) = (0.03, 0.1)
            record.bytesSent = plan.payload?.bytes ?? 0
            return record
        }
        var count = 0
        engine.drive { experiment in
            count += 1
            if count > 7 { return nil }
            var result = ExperimentResult()
            result.before = record(experiment.control)
            result.probe = record(experiment.probe)
            result.after = record(experiment.control)
            return result
        }
        return engine.verdict
    }

    @Test func itIsIfAllWorks() { #expect(Self.verdict { _ in .ok }.causes == ["none"]) }

    @Test func itIsNotWhereAControlHasFailed() {
        // The one after the connection in question of the second experiment.
        let verdict = Self.verdict { $0 == 6 ? .synTimeout : .ok }
        #expect(verdict.causes != ["none"], "\(verdict)")
    }

    @Test func itIsNotWhereHandshakesAreOftenLate() {
        // Every control after the connection in question, so that this one has always worked.
        let verdict = Self.verdict { $0 % 3 == 0 ? .lateConnect : .ok }
        #expect(verdict.causes != ["none"] || verdict.confidence < 0.6 && verdict.level != .likely, "\(verdict)")
    }
}
