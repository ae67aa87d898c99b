import FerryCore
import FerryEvidence
import Foundation
import Testing

@testable import FerryDiagnosis

/// Records with numbers that no diagnosis could have.
@Suite struct RecordedNumbersTests {
    private static let start = "2026-01-01T00:00:00.000000Z"

    private static var plan: ProbePlan {
        var plan = ProbePlan(id: "p1", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .rsync)
        plan.payload = ProbePayload(.random, bytes: 1000, bitsPerSecond: 1e6)
        plan.idleSeconds = 1
        plan.concurrency = 2
        return plan
    }

    private static var record: ProbeRecord {
        var record = ProbeRecord(plan, startedAt: start)
        (record.outcome, record.closedBy) = (.midReset, .peer)
        record.clockOffsetSeconds = -3
        record.failureSeconds = 2
        record.bytesAcknowledged = 500
        record.icmp = ICMPFacts(type: 3, code: 1, from: "192.0.2.1", seconds: 1)
        record.tcp = TCPFacts(seconds: 1)
        record.tcp?.leastRoundTripSeconds = 0.01
        record.tcp?.bytesSent = 1000
        let packet = PacketFacts(seconds: 0.1, flags: "S")
        record.handshake = HandshakeFacts(requests: [packet], answers: [packet], roundTripSeconds: 0.01)
        record.keyHistory = KeyHistory(secondsSinceLast: 3, counts: [KeyHistory.Count(minutes: 1)])
        return record
    }

    /// Lines with a number in every place that a diagnosis writes one to.
    private static var lines: [JSONValue] {
        var first = IncidentEntry(at: 0)
        (first.startedAt, first.tier, first.timeScale, first.site) = (start, 2, 1, EngineTests.site)
        first.site?.guards = Site.Guards()
        first.clocks = ["edge": -1_767_225_600]
        first.earlier = [EarlierConnection(plan: plan, secondsBefore: 20, wasKilled: true)]
        first.captured = [
            CapturedConnection(
                startedAt: start,
                seconds: 3,
                source: "10.10.1.2:40000",
                destination: "203.0.113.11:8703",
                outcome: .midReset
            )
        ]
        var result = ExperimentResult()
        (result.probe, result.endedAt) = (record, 12)
        let baseline = Experiment(.baseline, changed: "nothing")
        let entries = [
            first, IncidentReplay.entry(asking: plan, at: 10), IncidentReplay.entry(of: baseline, result, at: 11),
        ]
        return entries.map { JSONValue(encoding: $0) }
    }

    /// `value` once with each of its numbers as `number`.
    private static func spoilt(_ value: JSONValue, by number: JSONValue) -> [JSONValue] {
        switch value {
        case .integer, .number: [number]
        case .array(let values):
            values.indices.flatMap { index in
                spoilt(values[index], by: number).map { one -> JSONValue in
                    var values = values
                    values[index] = one
                    return .array(values)
                }
            }
        case .object(let members):
            members.indices.flatMap { index in
                spoilt(members[index].value, by: number).map { one -> JSONValue in
                    var members = members
                    members[index].value = one
                    return .object(members)
                }
            }
        case .null, .flag, .text: []
        }
    }

    private static func entries(_ lines: [JSONValue]) throws -> [IncidentEntry] {
        let path = FileManager.default.temporaryDirectory.path + "/ferry-records-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(lines.map { $0.json + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
        return try RecordedIncident.entries(path).all
    }

    @Test(arguments: [JSONValue.number(1e300), .number(-1e300), .integer(.max), .integer(.min)])
    func lineWithAnImpossibleNumberIsPassedOverWhereverThatIs(number: JSONValue) throws {
        let lines = Self.lines
        #expect(try Self.entries(lines).count == 3)
        for index in lines.indices {
            for line in Self.spoilt(lines[index], by: number) {
                var all = lines
                all[index] = line
                // Without the first line there is no site.
                let count = (try? Self.entries(all))?.count
                #expect(count == (index == 0 ? nil : 2), "\(line.json)")
            }
        }
    }

    @Test func timesBeforeTheDiagnosisBeganAreNoneOfIt() throws {
        var entry = IncidentEntry(at: 5)
        #expect(entry.hasPossibleTimes)
        entry.endedAt = -1
        #expect(!entry.hasPossibleTimes)
        (entry.endedAt, entry.timeScale) = (6, 0)
        #expect(!entry.hasPossibleTimes)
    }

    @Test(arguments: [1e300, .infinity])
    func killInALateFutureKeepsNobodyWaitingForLongerThanManyKillsDo(moment: Double) {
        var guards = Guards(timeScale: 0.5)
        let suspect = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)
        guards.killed(suspect, at: moment)
        #expect(guards.wait(for: suspect, now: 0) == 3840)
    }

    @Test func engineThatWasToldOfALateFutureStillSaysWhatIsNext() throws {
        var site = EngineTests.site
        site.budget.minutes = 1
        var engine = DiagnosisEngine(site, tier: 2, timeScale: 1)
        guard case .run(let look, let why) = engine.next(at: 0) else {
            Issue.record("the hosts are asked first")
            return
        }
        engine.take(ExperimentResult(), of: look, why: why, at: 0)
        let baseline = engine.experiment(.baseline, Self.plan, nil)
        var result = ExperimentResult()
        (result.probe, result.endedAt) = (Self.record, 1e300)
        engine.begins(Self.plan, at: 1)
        engine.take(result, of: baseline, why: .noted, at: 2)
        if case .wait(let seconds, _) = engine.next(at: 3) { #expect(seconds <= Site.Guards().longestWait) }
    }
}
