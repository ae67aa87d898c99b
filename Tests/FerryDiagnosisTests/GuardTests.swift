import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// The hard rules of what may be done to a suspect.
@Suite struct GuardTests {
    private static func suspect(_ port: Contact.Port = .suspect, by source: Contact.SourceIdentity = .failing)
        -> Contact
    {
        Contact(from: .sourceHost, vantage: 0, by: source, to: .suspectHost, port: port)
    }

    @Test func aSuspectIsConnectedToOnceAMinute() {
        var guards = Guards(timeScale: 1)
        guards.begins(Self.suspect(), at: 0)
        #expect(guards.wait(for: Self.suspect(), now: 20) == 40)
        #expect(guards.wait(for: Self.suspect(), now: 60) == 0)
    }

    @Test func aSuspectIsConnectedToFourTimesInTenMinutes() {
        var guards = Guards(timeScale: 1)
        for minute in 0..<4 { guards.begins(Self.suspect(), at: Double(minute) * 60) }
        #expect(guards.wait(for: Self.suspect(), now: 240) == 360)
        #expect(guards.wait(for: Self.suspect(), now: 600) == 0)
    }

    @Test func afterEachKillTheSuspectIsLeftAloneTwiceAsLong() {
        var guards = Guards(timeScale: 1)
        guards.begins(Self.suspect(), at: 0)
        guards.killed(Self.suspect(), at: 0)
        #expect(guards.wait(for: Self.suspect(), now: 0) == 120)
        guards.begins(Self.suspect(), at: 120)
        guards.killed(Self.suspect(), at: 120)
        #expect(guards.wait(for: Self.suspect(), now: 120) == 240)
    }

    @Test func theTimeScaleShrinksWaits() {
        var guards = Guards(timeScale: 0.05)
        guards.begins(Self.suspect(), at: 0)
        #expect(guards.wait(for: Self.suspect(), now: 0) == 3)
    }

    @Test func whoIsNotDeclaredToLeaveByAnotherAddressSharesTheFailingOne() {
        var guards = Guards(timeScale: 1)
        guards.begins(Self.suspect(), at: 0)
        var neighbour = Self.suspect(by: .declared(1))
        #expect(guards.wait(for: neighbour, now: 1) == 59)
        neighbour.leavesByItsOwnAddress = true
        #expect(guards.wait(for: neighbour, now: 1) == 0)
    }

    @Test func aConnectionThatTurnsOutToBeOneToTheSuspectCountsForBudgetAndWaitOnce() {
        var guards = Guards(timeScale: 1)
        guards.discover(Self.suspect(), at: 0, killed: false)
        guards.killed(Self.suspect(), at: 0)
        #expect(guards.suspectConnects == 1)
        #expect(guards.wait(for: Self.suspect(), now: 0) == 120)
    }

    @Test func keysAreGuardedEachByItself() {
        var guards = Guards(timeScale: 1)
        guards.begins(Self.suspect(), at: 0)
        guards.killed(Self.suspect(), at: 0)
        #expect(guards.wait(for: Self.suspect(.alternate(8702)), now: 1) == 0)
        var other = Self.suspect(by: .declared(1))
        other.leavesByItsOwnAddress = true
        #expect(guards.wait(for: other, now: 1) == 0)
    }

    @Test func controlsAreNoSuspects() {
        var guards = Guards(timeScale: 1)
        for _ in 0..<20 { guards.begins(Self.suspect(.other(8080)), at: 0) }
        #expect(guards.wait(for: Self.suspect(.other(8080)), now: 0) == 0)
        #expect(guards.suspectConnects == 0)
    }

    @Test func onlyConnectionsOfTheFailingVantageToTheSuspectCountAgainstTheBudget() {
        var guards = Guards(timeScale: 1)
        guards.begins(Self.suspect(), at: 0)
        guards.begins(Self.suspect(.alternate(8702)), at: 0)
        var elsewhere = Self.suspect(by: .outside(3))
        elsewhere.vantage = 3
        guards.begins(elsewhere, at: 0)
        #expect(guards.suspectConnects == 1)
    }

    @Test func whatAVantageHasRefusedToMakeDoesNotCount() {
        var guards = Guards(timeScale: 1)
        guards.begins(Self.suspect(), at: 0)
        guards.begins(Self.suspect(), at: 60)
        guards.takeBack(Self.suspect())
        #expect(guards.suspectConnects == 1)
        #expect(guards.wait(for: Self.suspect(), now: 60) == 0)
        for _ in 0..<3 { guards.takeBack(Self.suspect()) }
        #expect(guards.suspectConnects == 0)
    }

    @Test func whatADiagnosisBeforeHasAskedCounts() throws {
        let startedAt = try #require(UTCTime(parsing: "2026-01-01T00:00:00Z"))
        let now = try #require(UTCTime(parsing: "2026-01-01T00:00:30Z"))
        let plan = ProbePlan(id: "p3", vantage: "here", host: "203.0.113.11", port: 8703, speaks: .rsync)
        var begun = IncidentEntry(at: 0)
        begun.startedAt = "\(startedAt)"
        var result = ExperimentResult()
        var record = ProbeRecord(plan, startedAt: "\(startedAt)")
        (record.outcome, record.closedBy) = (.midReset, .peer)
        result.probe = record
        let baseline = Experiment(.baseline, changed: "nothing")
        let entries = [
            begun, IncidentReplay.entry(asking: plan, at: 10), IncidentReplay.entry(of: baseline, result, at: 11),
        ]
        let records = EarlierRecordsTests.records(EarlierRecordsTests.text(entries))
        let identity = SuspectIdentity("203.0.113.11")
        let earlier = records.connections(to: identity, now: now, within: 3600)
        #expect(
            earlier == [
                EarlierConnection(plan: plan, secondsBefore: 20, wasKilled: true, diagnosis: "\(startedAt)")
            ]
        )
        #expect(records.connections(to: identity, now: now, within: 19).isEmpty)

        var engine = DiagnosisEngine(EngineTests.site, tier: 2, timeScale: 1)
        engine.take(earlier: earlier)
        var own = plan
        own.vantage = "source"
        let suspect = engine.view.contact(own)
        #expect(engine.guards.suspectConnects == 0)
        #expect(engine.guards.wait(for: suspect, now: 0) == 100)

        // One that goes on counts what was asked meanwhile.
        var gone = DiagnosisEngine(EngineTests.site, tier: 2, timeScale: 1)
        var entry = IncidentEntry(at: 500)
        entry.earlier = earlier
        var replay = IncidentReplay(startedAt: startedAt)
        replay.take(entry, into: &gone)
        #expect(gone.guards.wait(for: suspect, now: 500) == 100)

        // That one which was counted was killed makes the wait longer, and is no connection more.
        var told = DiagnosisEngine(EngineTests.site, tier: 2, timeScale: 1)
        var news = EarlierConnection(plan: plan, secondsBefore: 20, wasKilled: false)
        told.take(earlier: [news], at: 0)
        #expect(told.guards.wait(for: suspect, now: 0) == 40)
        (news.secondsBefore, news.wasKilled, news.isKnown) = (25, true, true)
        told.take(earlier: [news], at: 5)
        #expect(told.guards.wait(for: suspect, now: 5) == 95)
        for second in [70.0, 80] { told.begins(own, at: second) }
        #expect(told.guards.wait(for: suspect, now: 100) == 40)

        var short = EngineTests.site
        short.budget.minutes = 1
        engine = DiagnosisEngine(short, tier: 2, timeScale: 1)
        engine.take(earlier: earlier)
        var step = engine.next(at: 0)
        if case .run(let look, let why) = step {
            engine.take(ExperimentResult(), of: look, why: why, at: 0)
            step = engine.next(at: 0)
        }
        guard case .stop(let why) = step else {
            Issue.record("\(step)")
            return
        }
        #expect(why.contains("another 100 s"), "\(why)")
    }
}
