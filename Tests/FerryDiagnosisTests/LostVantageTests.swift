import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// A vantage that dies is evidence about itself.
@Suite struct LostVantageTests {
    /// Experiments until the end, at a failing vantage that makes none of them.
    private static func diagnosed(_ problem: String, isGoneAfter: Int?) -> (
        engine: DiagnosisEngine, asked: Int, end: String
    ) {
        var engine = DiagnosisEngine(EngineTests.site, tier: 2, timeScale: 1)
        var (asked, now) = (0, 0.0)
        for _ in 0..<50 {
            switch engine.next(at: now) {
            case .stop(let why): return (engine, asked, why)
            case .wait(let seconds, _): now += seconds
            case .run(let experiment, let why):
                var result = ExperimentResult()
                if let plan = experiment.probe {
                    asked += 1
                    var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
                    record.outcome = .notSent
                    record.vantageProblem = problem
                    result.probe = record
                }
                engine.take(result, of: experiment, why: why, at: now)
                if let isGoneAfter, asked >= isGoneAfter { engine.unreachable.insert("source") }
            }
        }
        return (engine, asked, "it goes on")
    }

    @Test func whatWasNotSeenFromWhereItFailsIsNoVerdict() {
        let (engine, asked, end) = Self.diagnosed("it has died", isGoneAfter: 1)
        #expect(asked == 1 && end.contains("--continue"), "\(asked): \(end)")
        #expect(engine.verdict.level == .noVerdict)
    }

    @Test func whatAVantageCannotDoEndsWithoutAVerdictToo() {
        let (engine, asked, end) = Self.diagnosed("no socket could be made", isGoneAfter: nil)
        #expect((1...3).contains(asked), "\(asked): \(end)")
        #expect(!engine.unreachable.contains("source") && engine.verdict.level == .noVerdict)
    }
}
