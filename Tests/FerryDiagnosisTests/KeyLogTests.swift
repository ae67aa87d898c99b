import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

struct KeyLogTests {
    @Test func keyHasSeenItsOwnConnectionsOfTheLastMinutesAndNobodyElses() {
        let log = KeyLog()
        let plan = ProbePlan(id: "p1", vantage: "source", host: "198.51.100.20", port: 8703, speaks: .tcp)
        #expect(log.history(of: plan, now: 0).secondsSinceLast == nil)
        log.note(plan, bytesSent: 100, at: -500)
        log.note(plan, bytesSent: 10, at: 0)
        var several = plan
        several.concurrency = 4
        log.note(several, bytesSent: 1, at: 30)
        var other = plan
        other.sourceAddress = "203.0.113.60"
        log.note(other, bytesSent: 1000, at: 35)
        let history = log.history(of: plan, now: 40)
        #expect(history.secondsSinceLast == 10)
        #expect(history.counts.map(\.minutes) == [1, 10, 60])
        #expect(history.counts.map(\.connects) == [5, 6, 6])
        #expect(history.counts.map(\.bytes) == [11, 111, 111])
    }

    @Test func hypothesisSetHasOneVersionAndRecordsOfAnotherOneAreTold() throws {
        #expect(HypothesisSet.version.count == 16)
        var entry = IncidentEntry(at: 0)
        entry.hypothesisSet = HypothesisSet.version
        let site = Site(suspect: Site.Endpoint(host: "198.51.100.20", port: 8703))
        var engine = DiagnosisEngine(site, tier: 2, timeScale: 1)
        var replay = IncidentReplay(startedAt: .now())
        replay.take(entry, into: &engine)
        #expect(engine.notes.isEmpty)
        entry.hypothesisSet = "0123456789abcdef"
        replay.take(entry, into: &engine)
        #expect(engine.notes.map(\.kind) == ["hypotheses"])
    }
}
