import FerryEvidence
import Testing

@testable import FerryCommands

@Suite struct LadderSummaryTests {
    private func record(
        _ sends: LadderPlan.Sends,
        _ steps: [(Int, LadderRecord.Step.Answer)]
    ) -> LadderRecord {
        let plan = LadderPlan(id: "l1", vantage: "here", host: "203.0.113.11", port: 8703, sends: sends)
        var record = LadderRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        record.steps = steps.map { limit, answer in
            let from = answer == .expired ? "10.20.2.\(limit)" : nil
            return LadderRecord.Step(timeToLive: limit, answer: answer, from: from, seconds: 0.01)
        }
        return record
    }

    @Test(arguments: [[12, 6, 3, 1], [1, 3, 6, 12]])
    func leastDistanceAtWhichTheDestinationAnswersCounts(limits: [Int]) {
        let summary = LadderSummary(record(.payload, limits.map { ($0, .reached) }))
        #expect(summary.isReached && summary.text == "the destination answers at a distance of 1")
    }

    @Test func leastDistanceAtWhichAConnectionIsEndedCounts() {
        let summary = LadderSummary(record(.payload, [(3, .expired), (4, .reset), (6, .reset), (12, .reached)]))
        #expect(!summary.isReached)
        #expect(summary.text.hasPrefix("something ends the connection at a distance of 4; the last router that"))
        #expect(summary.text.contains("10.20.2.3 at 3"))
    }

    @Test func contentWithoutAConnectionIsSaidToHaveHadNone() {
        let silent = record(.payload, [(64, .silence)])
        #expect(LadderSummary(silent).text.hasPrefix("no connection came about for content to go on: nothing answers"))
        #expect(LadderReport.row(silent.steps[0], of: silent.plan).contains("no connection for content: nothing"))
        let reset = record(.payload, [(64, .reset)])
        #expect(LadderSummary(reset).text.hasPrefix("the connection was ended before content went"))
    }

    @Test func distanceIsOneAtTheMostWhereTheSearchWasCutShort() {
        let cut = LadderSummary(record(.payload, [(12, .reached), (64, .silence)]))
        #expect(cut.isReached && cut.text == "the destination answers at a distance of 12 at the most")
        let interrupted = LadderSummary(record(.request, [(1, .expired)])).interrupted
        #expect(interrupted.hasPrefix("it was interrupted before the destination had answered; the last router"))
    }
}
