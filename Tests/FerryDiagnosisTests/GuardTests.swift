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
}
