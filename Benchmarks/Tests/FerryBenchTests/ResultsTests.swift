import Foundation
import Testing

@testable import ferry_bench

@Suite struct ResultsTests {
    @Test func takesTheMiddle() {
        #expect(Statistic([3, 1, 2]) == Statistic([1, 2, 3]))
        #expect(Statistic([3, 1, 2]).median == 2)
        #expect(Statistic([4, 1, 2, 3]).median == 2.5)
        #expect(Statistic([4, 1, 2, 3]).text(Text.tenths) == "2.5 (1.0-4.0)")
        #expect(Statistic([4]).text(Text.tenths) == "4.0")
        #expect(Statistic(of: [nil, nil]) == nil)
        #expect(Statistic(of: [nil, 6])?.count == 1)
    }

    @Test func alignsColumns() {
        var table = TextTable(["", "wall s"])
        table.add(["ferry", "5.0"])
        #expect(table.text == "|       | wall s |\n| ----- | -----: |\n| ferry |    5.0 |")
    }

    @Test func readsTheLastProgress() {
        let events = AgentEvents(
            """
            {"event":"progress","sentBytes":5,"sentAgainBytes":0}
            {"event":"progress","sentBytes":9,"sentAgainBytes":2,"interruptions":1,"zstdLevel":1}
            {"event":"verified","generation":1}
            half a line
            """
        )
        #expect(events.figures["agentSentBytes"] == 9)
        #expect(events.figures["agentSentAgainBytes"] == 2)
        #expect(AgentEvents("").figures.isEmpty)
    }

    @Test func tellsFailuresFromFaults() {
        var results = Results(
            began: .now,
            rounds: 1,
            machine: .this(),
            workloads: [],
            movers: [:],
            versions: [:],
            skipped: []
        )
        #expect(results.exitStatus == 0)
        var run = BenchmarkRun(.rate, mover: "ferry", round: 1)
        run.faults = ["too fast"]
        results.runs.append(run)
        #expect(results.exitStatus == 3)
        run.failure = "no"
        results.runs.append(run)
        #expect(results.exitStatus == 1)
    }

    @Test func quotesForTheShell() {
        #expect("a b'c".shellWord == "'a b'\\''c'")
    }
}
