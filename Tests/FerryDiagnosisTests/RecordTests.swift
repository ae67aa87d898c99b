import FerryAddress
import FerryCore
import FerryEvidence
import Foundation
import Testing

@testable import FerryDiagnosis

/// What is there before anybody asks.
@Suite struct RecordTests {
    @Test func whatIsNoTimeAndNoEndpointInAFileIsLeftOut() throws {
        let plan = ProbePlan(id: "p1", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .tcp)
        var record = ProbeRecord(plan, startedAt: "now\nFinding (certain, 100 %)")
        (record.source, record.destination) = ("10.10.1.2:40000", "here\nthere:1")
        var first = IncidentEntry(at: 0)
        (first.site, first.startedAt) = (EngineTests.site, "2026-01-01T00:00:00Z")
        var second = IncidentEntry(at: 3)
        second.probes = [record]
        let lines = [first, second].map { JSONValue(encoding: $0).json + "\n" }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).jsonl")
        try lines.joined().write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let read = try #require(try RecordedIncident.entries(file.path).all.last?.probes?.first)
        #expect(read.startedAt == "2026-01-01T00:00:03.000000Z")
        #expect(read.source == "10.10.1.2:40000" && read.destination == nil)
    }

    @Test func theUplinkIsFullAtNineTenthsOfItsCapacity() throws {
        let text = "time,bitsPerSecond\n2026-01-01T00:00:00Z,190000000\n2026-01-01T00:00:01Z,195000000\n"
        let now = try #require(UTCTime(parsing: "2026-01-01T00:00:02Z"))
        #expect(UplinkReadings(parsing: text).isFull(capacity: 200e6, now: now) == true)
        #expect(UplinkReadings(parsing: text).isFull(capacity: 1000e6, now: now) == false)
        #expect(UplinkReadings(parsing: text).isFull(capacity: nil, now: now) == nil)
    }

    @Test func anOldReadingOfTheUplinkSaysNothing() throws {
        let now = try #require(UTCTime(parsing: "2026-01-01T01:00:00Z"))
        #expect(UplinkReadings(parsing: "2026-01-01T00:00:00Z,190000000").isFull(capacity: 200e6, now: now) == nil)
    }

    @Test func theEngineKnowsTheUplinksCapacity() throws {
        var site = EngineTests.site
        site.uplink = Site.Uplink(bitsPerSecond: 200_000_000, monitor: nil)
        var engine = DiagnosisEngine(site, tier: 2, timeScale: 1)
        let now = try #require(UTCTime(parsing: "2026-01-01T00:00:02Z"))
        engine.take(uplink: UplinkReadings(parsing: "2026-01-01T00:00:01Z,32632"), now: now)
        #expect(engine.notes.first?.findings == [.uplinkIsFull(false)])
    }

    /// What complete records with `members` say of the suspect and the only address of the failing source.
    private static func finding(_ members: String) throws -> Finding.ProviderFinding {
        let now = try #require(UTCTime(parsing: "2026-01-01T00:00:02Z"))
        return try ProviderRecords(parsing: "{\"complete\":true,\(members)}", from: "test").finding(
            sources: [CanonicalHost("198.18.2.62")],
            areAll: true,
            hosts: [CanonicalHost("203.0.113.11")],
            port: 8703,
            now: now,
            covering: now
        )
    }

    @Test func providerRecordsThatHaveEndedAreOver() throws {
        func finding(until: String) throws -> Finding.ProviderFinding {
            try Self.finding(
                "\"blocks\":[{\"source\":\"198.18.2.62\",\"destination\":null,\"port\":8703,\"until\":\(until)}]"
            )
        }
        #expect(try finding(until: "null") == .blocksKey)
        #expect(try finding(until: "\"2026-01-01T00:00:01Z\"") == .nothing)
    }

    @Test func aBlockOfSomebodyElseIsNoBlockOfOurs() throws {
        let now = try #require(UTCTime(parsing: "2026-01-01T00:00:02Z"))
        let text = "{\"complete\":false,\"blocks\":[{\"source\":\"192.0.2.99\",\"destination\":null,\"port\":8703}]}"
        let records = try ProviderRecords(parsing: text, from: "test")
        func finding(_ sources: Set<String>, areAll: Bool) -> Finding.ProviderFinding {
            records.finding(
                sources: Set(sources.map { CanonicalHost($0) }),
                areAll: areAll,
                hosts: [CanonicalHost("203.0.113.11")],
                port: 8703,
                now: now,
                covering: now
            )
        }
        #expect(finding(["198.18.2.62"], areAll: true) == .nothingKnown)
        #expect(finding(["10.10.1.2"], areAll: false) == .blocksSomebody)
        #expect(finding(["192.0.2.99"], areAll: true) == .blocksKey)
    }

    @Test(arguments: [
        "\"blcks\":[]", "\"blocks\":[{\"source\":\"127.0.0.0/33\"}]",
        "\"blocks\":[{\"source\":\"192.0.2.1\",\"ports\":1}]",
    ])
    func recordsThatNobodyUnderstandsProveNothing(written: String) throws {
        #expect(try Self.finding("\"blocks\":[]") == .nothing)
        #expect(try Self.finding(written) == .nothingKnown)
    }

    @Test func whatNobodyUnderstandsIsKeptInBounds() throws {
        let entries = (0..<50_000).map { "{\"source\":\"192.0.2.1\",\"k\($0)\":1}" }.joined(separator: ",")
        let records = try ProviderRecords(parsing: "{\"blocks\":[\(entries)]}", from: "test")
        #expect(records.notUnderstood?.count == 100)
    }

    /// Records that settle it as soon as the suspect was seen failing, so that nothing is done afterwards.
    @Test func recordsThatSettleItSettleItAgain() async throws {
        let now = try #require(UTCTime(parsing: "2026-01-01T00:00:00Z"))
        let text = "{\"complete\":false,\"blocks\":[{\"source\":\"198.51.100.7\",\"destination\":null,\"port\":8703}]}"
        let records = try ProviderRecords(parsing: text, from: "test")
        func engine() -> DiagnosisEngine {
            var engine = DiagnosisEngine(EngineTests.site, tier: 3, timeScale: 1)
            engine.take(records: records, now: now)
            return engine
        }
        var first = engine()
        while true {
            guard case .run(let experiment, let why) = first.next(at: 0) else { break }
            var result = ExperimentResult()
            result.probe = experiment.probe.map { ProbeRecord($0, startedAt: "2026-01-01T00:00:00Z") }
            result.probe?.outcome = .refusedFull
            result.probe?.source = "198.51.100.7:40000"
            first.take(result, of: experiment, why: why, at: 0)
            if experiment.kind == .baseline { break }
        }
        #expect(first.notes.contains { $0.kind == "provider-record" })
        var again = engine()
        var replay = IncidentReplay(startedAt: now)
        for done in first.done {
            replay.take(IncidentReplay.entry(of: done.experiment, done.result, at: 0), into: &again)
        }
        #expect(again.verdict == first.verdict)
        #expect(first.verdict.causes == ["anti-abuse-block"])
    }

    @Test func whatIsCutOffInAnEventLogIsPassedOver() {
        let line =
            "{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"lane-ended\",\"destination\":\"203.0.113.11\",\"port\":8703,\"outcome\":\"OK\"}"
        let read = MoverEvent.reading(line + "\n{\"time\":\"2026-")
        #expect(read.events.count == 1 && read.unreadable == 0)
        let spoilt = MoverEvent.reading("{\"time\":\"2026-\n" + line + "\n")
        #expect(spoilt.events.count == 1 && spoilt.unreadable == 1)
        #expect(UplinkReadings(parsing: "time,bitsPerSecond\n2026-01-01T00:00:00Z,1e6\n2026-01-").unreadable == 0)
        #expect(UplinkReadings(parsing: "noon,1e6\n2026-01-01T00:00:00Z,1e6\n").unreadable == 1)
    }

    @Test func capturesOfWhatFailedByItselfCountAndAreToldOf() throws {
        var forged = CapturedConnection(
            startedAt: "2026-01-01T00:00:00Z",
            seconds: 3,
            source: "10.10.1.2:40000",
            destination: "203.0.113.11:8703",
            outcome: .midReset
        )
        forged.isEndedByServer = true
        forged.isForged = true
        forged.signs = ["dataAfterReset"]
        let now = try #require(UTCTime(parsing: "2026-01-01T00:01:00Z"))
        var engine = DiagnosisEngine(EngineTests.site, tier: 0, timeScale: 1)
        let before = engine.belief.shares(\.cause).first { $0.key == .payloadInjector }?.share ?? 0
        engine.take(captured: [forged, forged, forged], hasHistory: false, now: now)
        let after = engine.belief.shares(\.cause).first { $0.key == .payloadInjector }?.share ?? 0
        #expect(after > before * 5)
        #expect(engine.scene.lastFailure == -57)
        #expect(engine.view.failingPort == 40_000)
        #expect(engine.notes.last?.arguments == ["3", "3", "3"])
    }

    @Test func capturesWithoutConnectionsToTheSuspectAreSaidToHaveNone() throws {
        let now = try #require(UTCTime(parsing: "2026-01-01T00:01:00Z"))
        var engine = DiagnosisEngine(EngineTests.site, tier: 0, timeScale: 1)
        engine.take(captured: [], hasHistory: false, now: now)
        let note = engine.notes.last
        #expect(note?.kind == "capture" && note?.arguments == ["0", "0", "0"])
        #expect(note?.says.hasPrefix("The captures have no connections to the suspect") == true)
    }

    @Test(arguments: [ProbeOutcome.ok, .synTimeout])
    func remedyIsConfirmedIfWhatHadFailedWorksAfterIt(outcome: ProbeOutcome) async throws {
        let truth = try EngineTests.hypothesis(.serviceNotListening, .destinationPort, .reset)
        var engine = await EngineTests.diagnose(truth, tier: 2, seed: 2)
        try #require([.likely, .veryLikely].contains(engine.verdict.level), "\(engine.verdict)")
        let before = engine.verdict.causes
        let experiment = try #require(engine.confirmation)
        #expect(experiment.kind == .confirmation && experiment.probe?.port == 8703)
        var result = ExperimentResult()
        let plan = try #require(experiment.probe)
        var record = ProbeRecord(plan, startedAt: "2026-01-01T01:00:00Z")
        record.outcome = outcome
        result.probe = record
        engine.begins(plan, at: 4000)
        engine.take(result, of: experiment, why: .noted, at: 4000)
        #expect((engine.verdict.level == .confirmed) == (outcome == .ok))
        #expect(engine.verdict.causes == before)
        #expect(engine.notes.last?.kind == "confirmation")
        // One whose control fails, too, tells nothing, and takes back what an earlier one told.
        var control = ProbeRecord(plan, startedAt: "2026-01-01T02:00:00Z")
        control.outcome = .synTimeout
        result.before = control
        engine.take(result, of: experiment, why: .confirmation, at: 8000)
        #expect(engine.verdict.level != .confirmed)
        #expect(engine.notes.last?.arguments.first == "unknown")
    }

    @Test func remedyIsNotConfirmedByContentThatTheFarEndDidNotTake() async throws {
        let truth = try #require(FaultTable.hypotheses().map(\.0).first { $0.cause == .policer && $0.second == nil })
        var engine = await EngineTests.diagnose(truth, tier: 2, seed: 1)
        let experiment = try #require(engine.confirmation)
        let plan = try #require(experiment.probe)
        try #require((plan.payload?.bytes ?? 0) >= Contact.bulk, "\(plan)")
        var result = ExperimentResult()
        result.probe = ProbeRecord(plan, startedAt: "2026-01-01T01:00:00Z")
        result.probe?.bytesSent = plan.payload?.bytes ?? 0
        for (bytes, confirms) in [(30_000, false), (plan.payload?.bytes ?? 0, true)] {
            result.probe?.bytesAcknowledged = bytes
            engine.take(result, of: experiment, why: .confirmation, at: 4000)
            #expect((engine.verdict.level == .confirmed) == confirms, "\(engine.notes)")
        }
    }

    @Test func theSameRecordsGiveTheSameVerdict() async throws {
        let truth = try #require(FaultTable.hypotheses().map(\.0).first { $0.cause == .firewallDrop })
        let engine = await EngineTests.diagnose(truth, tier: 2, seed: 7)
        let startedAt = try #require(UTCTime(parsing: "2026-01-01T00:00:00Z"))
        var again = DiagnosisEngine(EngineTests.site, tier: 2, timeScale: 1)
        var replay = IncidentReplay(startedAt: startedAt)
        var at = 0.0
        for done in engine.done {
            let entry = IncidentReplay.entry(of: done.experiment, done.result, at: at)
            let read = try JSONValue(parsing: JSONValue(encoding: entry).json, from: "test")
                .decoded(as: IncidentEntry.self, from: "test")
            replay.take(read, into: &again)
            at += 1
        }
        #expect(again.verdict.causes == engine.verdict.causes)
        #expect(again.verdict.remedy == engine.verdict.remedy)
    }
}
