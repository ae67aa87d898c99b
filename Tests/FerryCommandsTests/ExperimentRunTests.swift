import FerryEvidence
import Testing

@testable import FerryCommands
@testable import FerryDiagnosis

@Suite struct ExperimentRunTests {
    /// What was asked of the suspect, and what came of it, by one whom nobody can reach.
    private static func run(isInterrupted: Bool, hasControl: Bool) async throws -> (
        asked: [String], result: ExperimentResult
    ) {
        var asked: [String] = []
        let site = Site(suspect: Site.Endpoint(host: "192.0.2.1", port: 8703))
        let run = ExperimentRun(
            vantages: VantageSet(site, identity: nil),
            narration: Narration(isOn: false, explains: false),
            asks: { asked.append($0.id) },
            now: { 0 },
            keys: KeyLog(),
            carriers: [:],
            longestPause: 0.01
        )
        var experiment = Experiment(.baseline, changed: "nothing")
        experiment.probe = ProbePlan(id: "", vantage: "here", host: "192.0.2.1", port: 8703, speaks: .tcp)
        if hasControl {
            experiment.control = ProbePlan(id: "", vantage: "here", host: "192.0.2.1", port: 8080, speaks: .tcp)
        }
        var number = 0
        if isInterrupted { withUnsafeCurrentTask { (task) -> Void in task?.cancel() } }
        let result = try await run.run(experiment, number: &number)
        return (asked, result)
    }

    @Test func whatIsAboutToBeAskedIsToldFirst() async throws {
        let (asked, result) = try await Self.run(isInterrupted: false, hasControl: false)
        #expect(asked == ["p1"])
        #expect([result.before, result.probe, result.after].map { $0?.plan.id } == [nil, "p1", nil])
    }

    @Test func whoMakesNoControlIsNotAskedForTheSuspect() async throws {
        let (asked, result) = try await Self.run(isInterrupted: false, hasControl: true)
        #expect(asked.isEmpty && result.after == nil)
        #expect(result.probe?.outcome == .notSent && result.probe?.vantageProblem == result.before?.vantageProblem)
        #expect(result.probe?.vantageProblem != nil)
    }

    @Test func neitherTheSuspectNorAControlIsAskedOnceItIsInterrupted() async throws {
        let (asked, result) = try await Task { try await Self.run(isInterrupted: true, hasControl: true) }.value
        #expect(asked.isEmpty)
        #expect(result.before == nil && result.probe == nil && result.after == nil)
    }
}
