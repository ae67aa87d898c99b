import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// A vantage that dies is evidence about itself.
@Suite struct LostVantageTests {
    @Test func whatWasNotSeenFromWhereItFailsIsNoVerdict() {
        var engine = DiagnosisEngine(EngineTests.site, tier: 2, timeScale: 1)
        var asked = 0
        var stopped = ""
        for _ in 0..<20 {
            guard case .run(let experiment, let why) = engine.next(at: 0) else {
                if case .stop(let why) = engine.next(at: 0) { stopped = why }
                break
            }
            var result = ExperimentResult()
            if let plan = experiment.probe {
                asked += 1
                var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
                record.outcome = .notSent
                record.vantageProblem = "it has died"
                result.probe = record
            }
            engine.take(result, of: experiment, why: why, at: 0)
        }
        #expect(asked == 2 && stopped.contains("--continue"), "\(asked): \(stopped)")
        #expect(engine.verdict.level == .noVerdict)
    }
}
