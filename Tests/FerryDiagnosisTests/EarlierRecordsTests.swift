import FerryCore
import FerryEvidence
import Foundation
import Testing

@testable import FerryDiagnosis

/// What a diagnosis learns of the connections of others from their records.
@Suite struct EarlierRecordsTests {
    private static let start = "2026-01-01T00:00:00.000000Z"

    static func text(_ entries: [IncidentEntry]) -> String {
        entries.map { JSONValue(encoding: $0).json + "\n" }.joined()
    }

    static func records(_ text: String) -> EarlierRecords {
        var records = EarlierRecords()
        Array(text.utf8).withUnsafeBytes { records.take($0) }
        return records
    }

    private static func first(_ host: String, leadsTo addresses: [String]? = nil) -> IncidentEntry {
        var entry = IncidentEntry(at: 0)
        entry.startedAt = start
        entry.site = Site(suspect: Site.Endpoint(host: host, port: 8703))
        entry.suspectAddresses = addresses
        return entry
    }

    private static func plan(_ host: String, _ id: String = "p1") -> ProbePlan {
        ProbePlan(id: id, vantage: "here", host: host, port: 8703, speaks: .tcp)
    }

    private static func hosts(_ records: EarlierRecords, _ suspect: SuspectIdentity) throws -> [String] {
        let now = try #require(UTCTime(parsing: "2026-01-01T00:01:00Z"))
        return records.connections(to: suspect, now: now, within: 3600).map(\.plan.host)
    }

    // MARK: large lines

    @Test func evidenceOfAnySizeDoesNotHideAConnection() throws {
        // Braces, quotes and names of members in it are text.
        let log = String(repeating: "{\\\"at\\\":7,\\\"asks\\\":[\\\\ x} ", count: 330_000)
        let site = JSONValue(encoding: Site(suspect: Site.Endpoint(host: "192.0.2.1", port: 8703))).json
        let line = "{\"at\":0,\"history\":\"\(log)\",\"startedAt\":\"\(Self.start)\",\"site\":\(site)}\n"
        #expect(line.utf8.count > 8 << 20)
        let asks = IncidentReplay.entry(asking: Self.plan("192.0.2.1"), at: 5)
        let records = Self.records(line + Self.text([asks]))
        #expect(try Self.hosts(records, SuspectIdentity("192.0.2.1")) == ["192.0.2.1"])
    }

    @Test(
        arguments: [
            ("{\"probes\":[{\"at\":5}],\"at\":1}", "1"), (" { \"at\" : 2 , \"x\" : \"}\" } ", " 2 "),
            ("{\"x\":{\"at\":3}}", nil), ("{\"x\":\"\\\\\\\"\\\"at\\\":4\"}", nil),
            ("{\"at\":\"a\\\"b\"}", "\"a\\\"b\""),
            ("{\"at\":12345678901}", nil), ("}}],{\"at\":6}", "6"),
        ] as [(String, String?)]
    )
    func membersAreThoseOfTheLineItself(line: String, expected: String?) {
        var extraction = MemberExtraction(of: ["at"], most: 10)
        for byte in line.utf8 { extraction.take(byte) }
        #expect(extraction.members["at"].map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test func linesAreReadAsTheyAreWritten() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("ferry-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let suspect = SuspectIdentity("192.0.2.1")
        let entries = [
            Self.first("192.0.2.1"), IncidentReplay.entry(asking: Self.plan("192.0.2.1", "p1"), at: 1),
            IncidentReplay.entry(asking: Self.plan("192.0.2.1", "p2"), at: 2),
        ]
        let text = Self.text(entries)
        var records = EarlierRecords()
        records.read(path)
        #expect(try Self.hosts(records, suspect).isEmpty)
        for (bytes, count) in [(text.utf8.count - 9, 1), (text.utf8.count - 1, 1), (text.utf8.count, 2)] {
            try Data(text.utf8.prefix(bytes)).write(to: URL(fileURLWithPath: path))
            records.read(path)
            records.read(path)
            #expect(try Self.hosts(records, suspect).count == count, "of \(bytes) bytes")
        }
        try Data(Self.text(Array(entries.prefix(1))).utf8).write(to: URL(fileURLWithPath: path))
        records.read(path)
        #expect(try Self.hosts(records, suspect).isEmpty)
    }

    @Test(arguments: ["", "nonsense\n", "{}\n", "{\"at\":0,\"site\":{}}\n", "{\"at\":-1,\"startedAt\":\"\(start)\"}\n"])
    func whatBeginsOtherwiseIsNoDiagnosis(beginning: String) throws {
        let asks = IncidentReplay.entry(asking: Self.plan("192.0.2.1"), at: 5)
        #expect(try Self.hosts(Self.records(beginning + Self.text([asks])), SuspectIdentity("192.0.2.1")).isEmpty)
    }

    @Test func whatAVantageHasRefusedWasNoConnection() throws {
        let plan = Self.plan("192.0.2.1")
        var result = ExperimentResult()
        var record = ProbeRecord(plan, startedAt: Self.start)
        record.outcome = .notSent
        (record.vantageProblem, record.failure) = ("it would not", ProbeRecord.refusedByVantage)
        result.probe = record
        let entries = [
            Self.first("192.0.2.1"), IncidentReplay.entry(asking: plan, at: 5),
            IncidentReplay.entry(of: Experiment(.baseline, changed: "nothing"), result, at: 6),
        ]
        #expect(try Self.hosts(Self.records(Self.text(entries)), SuspectIdentity("192.0.2.1")).isEmpty)
    }

    // MARK: names and addresses

    @Test func aNameIsKnownByWhereItLedWhenTheDiagnosisBegan() throws {
        let asks = IncidentReplay.entry(asking: Self.plan("staging.example"), at: 5)
        let records = Self.records(Self.text([Self.first("staging.example", leadsTo: ["192.0.2.1"]), asks]))
        #expect(try Self.hosts(records, SuspectIdentity("192.0.2.1")) == ["192.0.2.1"])
        #expect(try Self.hosts(records, SuspectIdentity("192.0.2.2")).isEmpty)
        let other = SuspectIdentity("other.example", addresses: ["192.0.2.2", "192.0.2.1"])
        #expect(try Self.hosts(records, other) == ["other.example"])
    }

    @Test func aNameIsKnownByWhatWasConnectedTo() throws {
        var result = ExperimentResult()
        var record = ProbeRecord(Self.plan("staging.example"), startedAt: Self.start)
        (record.destination, record.resolved) = ("[2001:db8::1]:8703", ["192.0.2.1", "2001:db8::1"])
        result.probe = record
        let entries = [
            Self.first("staging.example"), IncidentReplay.entry(asking: record.plan, at: 5),
            IncidentReplay.entry(of: Experiment(.baseline, changed: "nothing"), result, at: 6),
        ]
        for address in ["192.0.2.1", "2001:db8::1", "2001:DB8:0::1"] {
            #expect(try Self.hosts(Self.records(Self.text(entries)), SuspectIdentity(address)) == [address])
        }
        let unasked = Self.records(Self.text(Array(entries.prefix(2))))
        #expect(try Self.hosts(unasked, SuspectIdentity("192.0.2.1")).isEmpty)
        #expect(try Self.hosts(unasked, SuspectIdentity("Staging.Example")) == ["Staging.Example"])
    }

    @Test func anAddressIsKnownToWhoCallsItByAName() throws {
        let asks = IncidentReplay.entry(asking: Self.plan("192.0.2.1"), at: 5)
        let records = Self.records(Self.text([Self.first("192.0.2.1"), asks]))
        #expect(try Self.hosts(records, SuspectIdentity("staging.example")).isEmpty)
        var suspect = SuspectIdentity("staging.example")
        var record = ProbeRecord(Self.plan("control.example"), startedAt: Self.start)
        record.destination = "192.0.2.1:8703"
        suspect.learn(record)
        #expect(try Self.hosts(records, suspect).isEmpty)
        record.plan.host = "staging.example"
        suspect.learn(record)
        #expect(try Self.hosts(records, suspect) == ["staging.example"])
    }

    // MARK: counting

    private static func connection(_ diagnosis: String?, _ id: String, wasKilled: Bool) -> EarlierConnection {
        EarlierConnection(
            plan: plan("192.0.2.1", id),
            secondsBefore: 1,
            wasKilled: wasKilled,
            diagnosis: diagnosis
        )
    }

    @Test func eachConnectionCountsOnceAndItsKillOnce() {
        var counted = CountedConnections()
        counted.count([Self.connection("a", "p1", wasKilled: false)])
        let first = [
            Self.connection("a", "p1", wasKilled: false), Self.connection("a", "p2", wasKilled: true),
            Self.connection("b", "p1", wasKilled: false),
        ]
        #expect(counted.news(of: first) == Array(first.dropFirst()))
        #expect(counted.news(of: first).isEmpty)
        var killed = Self.connection("b", "p1", wasKilled: true)
        let news = counted.news(of: [killed])
        killed.isKnown = true
        #expect(news == [killed])
        #expect(counted.news(of: [Self.connection("b", "p1", wasKilled: true)]).isEmpty)
    }

    @Test func recordsOfAnEarlierVersionAreStillRead() throws {
        let plan = JSONValue(encoding: Self.plan("192.0.2.1")).json
        let text = "{\"at\":3,\"earlier\":[{\"plan\":\(plan),\"secondsBefore\":2,\"wasKilled\":false}]}"
        let entry = try JSONValue(parsing: text, from: "test").decoded(as: IncidentEntry.self, from: "test")
        var expected = Self.connection(nil, "p1", wasKilled: false)
        expected.secondsBefore = 2
        #expect(entry.earlier == [expected])
    }

    @Test func whatAnotherDiagnosisAsksMeanwhileMakesThisOneWait() throws {
        var engine = DiagnosisEngine(EngineTests.site, tier: 0, timeScale: 1)
        guard case .run(let look, let why) = engine.next(at: 0) else {
            Issue.record("the hosts are asked first")
            return
        }
        engine.take(ExperimentResult(), of: look, why: why, at: 0)
        guard case .run = engine.next(at: 30) else {
            Issue.record("nobody has asked yet")
            return
        }
        let plan = ProbePlan(id: "p1", vantage: "here", host: "203.0.113.11", port: 8703, speaks: .rsync)
        engine.take(earlier: [EarlierConnection(plan: plan, secondsBefore: 10, wasKilled: false)], at: 30)
        guard case .wait(let seconds, _) = engine.next(at: 30) else {
            Issue.record("the suspect was connected to 10 s ago")
            return
        }
        #expect(seconds == 50)
    }
}
