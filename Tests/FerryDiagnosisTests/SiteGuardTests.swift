import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// Guards that the site file has numbers for.
@Suite struct SiteGuardTests {
    private static let suspect = Contact(
        from: .sourceHost,
        vantage: 0,
        by: .failing,
        to: .suspectHost,
        port: .suspect
    )

    private static func limits(between: Int = 60, connects: Int = 4, afterKill: Int = 120) -> Site.Guards {
        var limits = Site.Guards()
        limits.secondsBetweenConnects = between
        limits.connectsPerTenMinutes = connects
        limits.secondsAfterKill = afterKill
        return limits
    }

    private static func engine(_ limits: Site.Guards?, timeScale: Double = 1) -> DiagnosisEngine {
        var site = EngineTests.site
        site.guards = limits
        return DiagnosisEngine(site, tier: 0, timeScale: timeScale)
    }

    @Test func theSecondsBetweenConnectionsAreThoseOfTheSiteFile() {
        for (seconds, left) in [(5, 0.0), (60, 40), (300, 280)] {
            var guards = Guards(Self.limits(between: seconds), timeScale: 1)
            guards.begins(Self.suspect, at: 0)
            #expect(guards.wait(for: Self.suspect, now: 20) == left)
        }
    }

    @Test func theConnectionsInTenMinutesAreThoseOfTheSiteFile() {
        for (connects, left) in [(2, 480.0), (4, 360), (10, 0)] {
            var guards = Guards(Self.limits(connects: connects), timeScale: 1)
            for minute in 0..<4 { guards.begins(Self.suspect, at: Double(minute) * 60) }
            #expect(guards.wait(for: Self.suspect, now: 240) == left)
        }
    }

    @Test func theSecondsAfterAKillAreThoseOfTheSiteFileAndDouble() {
        var guards = Guards(Self.limits(afterKill: 1000), timeScale: 1)
        guards.begins(Self.suspect, at: 0)
        guards.killed(Self.suspect, at: 0)
        #expect(guards.wait(for: Self.suspect, now: 0) == 1000)
        guards.killed(Self.suspect, at: 0)
        #expect(guards.wait(for: Self.suspect, now: 0) == 2000)
    }

    @Test func theTimeScaleShrinksThemToo() {
        var guards = Guards(Self.limits(between: 300), timeScale: 0.05)
        guards.begins(Self.suspect, at: 0)
        #expect(guards.wait(for: Self.suspect, now: 0) == 15)
    }

    @Test func whatNoSiteFileMayHaveIsTakenAsTheNearestThatItMay() {
        var guards = Guards(Self.limits(between: -1, connects: 0, afterKill: .max), timeScale: 1)
        guards.begins(Self.suspect, at: 0)
        #expect(guards.wait(for: Self.suspect, now: 0) == 600)
        guards.killed(Self.suspect, at: 0)
        #expect(guards.wait(for: Self.suspect, now: 0) == 86400)
    }

    @Test(arguments: [(nil, 50), (5, nil), (300, 290)] as [(Int?, Double?)])
    func anEngineWaitsAsLongAsTheSiteFileSays(between: Int?, expected: Double?) {
        var engine = Self.engine(between.map { Self.limits(between: $0) })
        let plan = ProbePlan(id: "p1", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .rsync)
        engine.take(earlier: [EarlierConnection(plan: plan, secondsBefore: 10, wasKilled: false)])
        guard case .run(let look, let why) = engine.next(at: 0) else {
            Issue.record("the hosts are asked first")
            return
        }
        engine.take(ExperimentResult(), of: look, why: why, at: 0)
        switch engine.next(at: 0) {
        case .wait(let seconds, _): #expect(seconds == expected)
        case .run(let experiment, _): #expect(expected == nil && experiment.kind == .baseline)
        case .stop(let why): Issue.record("\(why)")
        }
    }

    @Test(arguments: [
        limits(between: 59), limits(connects: 5), limits(afterKill: 119), limits(between: 300, connects: 20),
    ])
    func looserGuardsAreToldOnce(limits: Site.Guards) {
        let notes = Self.engine(limits).notes
        #expect(notes.map(\.kind) == ["guards"])
        #expect(
            notes.first?.arguments == [
                "\(limits.secondsBetweenConnects)", "\(limits.connectsPerTenMinutes)", "\(limits.secondsAfterKill)",
            ]
        )
        #expect(notes.first?.findings.isEmpty == true)
    }

    @Test func theUsualGuardsAndStricterOnesAreNotToldOf() {
        #expect(Self.engine(nil).notes.isEmpty)
        #expect(Self.engine(Site.Guards()).notes.isEmpty)
        #expect(Self.engine(Self.limits(between: 61, connects: 3, afterKill: 121)).notes.isEmpty)
    }

    @Test func theLongestWaitIsThatAfterManyKills() {
        #expect(Site.Guards().longestWait == 7680)
        #expect(Self.limits(afterKill: 1).longestWait == 600)
        #expect(Self.limits(between: 3600, afterKill: 1).longestWait == 3600)
    }

    @Test func recordsOfASiteWithoutThemAreStillRead() throws {
        let written = JSONValue(encoding: EngineTests.site)
        #expect(written["guards"] == nil)
        #expect(try written.decoded(as: Site.self, from: "test") == EngineTests.site)
    }
}
