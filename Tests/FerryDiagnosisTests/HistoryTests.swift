import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// What the mover's own connections tell, and what they do not.
@Suite struct HistoryTests {
    private static func event(_ minute: Int, _ outcome: String, bytes: Int = 0) -> String {
        let time =
            "2026-01-01T\(minute / 60 < 10 ? "0" : "")\(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60):00Z"
        return
            #"{"time":"\#(time)","event":"lane-ended","source":"10.10.1.2:40000","destination":"203.0.113.11","port":8703,"outcome":"\#(outcome)","bytesSent":\#(bytes),"ageSeconds":20}"#
    }

    private static func engine(_ log: [String], now: String = "2026-01-01T12:00:00Z") throws -> DiagnosisEngine {
        var engine = DiagnosisEngine(EngineTests.site, tier: 0, timeScale: 1)
        let read = MoverEvent.reading(log.joined(separator: "\n"))
        engine.take(history: read.events, now: try #require(UTCTime(parsing: now)))
        engine.judgeHistory()
        return engine
    }

    private static func share(_ engine: DiagnosisEngine, _ remedy: Remedy) -> Double {
        engine.leadingRemedies.first { $0.remedy == remedy }?.share ?? 0
    }

    @Test func theSameFailureManyTimesDoesNotRuleOutWhatItIsOnceASignOf() throws {
        let once = try Self.engine([Self.event(600, "MID_RST", bytes: 30_000_000)])
        let often = try Self.engine(
            (0..<40).map { Self.event(600 + $0, "MID_RST", bytes: 30_000_000 + 10_007 * $0) }
        )
        let (first, last) = (
            Self.share(once, .askCloudToAllowlist), Self.share(often, .askCloudToAllowlist)
        )
        #expect(last > first / 3, "\(first), then \(last)")
    }

    @Test(arguments: [
        ("203.0.113.11:8703", "203.0.113.11"), ("[2001:db8::11]:8703", "2001:db8::11"),
        ("[2001:db8::11]", "2001:db8::11"), ("staging.example:8703", "staging.example"),
        ("2001:db8::11", "2001:db8::11"),
    ])
    func destinationMayHaveItsPortWithIt(written: String, host: String) {
        let line = Self.event(1, "SYN_TIMEOUT").replacing(
            #""destination":"203.0.113.11""#,
            with: "\"destination\":\"\(written)\""
        )
        let read = MoverEvent.reading(line + "\n").events
        #expect(read.map(\.destination) == [host] && read.map(\.port) == [8703])
    }

    @Test func logOfOtherDestinationsTellsNothing() throws {
        let engine = try Self.engine([Self.event(1, "SYN_TIMEOUT").replacing("203.0.113.11", with: "192.0.2.9")])
        let note = engine.notes.first { $0.kind == "history" }
        #expect(note?.says.contains("none of them to") == true && note?.says.contains("none failed") == false)
    }

    @Test func anEndWhoseOutcomeNobodyKnowsCannotBeReadAndIsNoSuccess() {
        let read = MoverEvent.reading(
            (0..<10).map { Self.event($0, "connection reset") }.joined(separator: "\n") + "\n"
        )
        #expect(read.events.isEmpty && read.unreadable == 10)
    }

    @Test(arguments: ["2026-01-01T11:59:27Z", "2026-01-01T11:59:00Z", "2026-01-01T10:00:00Z"])
    func aMoverWhoseClockIsAheadHasFailedByNow(now: String) throws {
        let engine = try Self.engine([Self.event(720, "SYN_TIMEOUT")], now: now)
        #expect(engine.scene.lastFailure == 0)
        var scene = engine.scene
        let contact = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)
        for silence in [-3600.0, -60, -33, 0, 60] {
            scene.silence = silence
            let share = ActivityModel.isActive(.antiAbuseBlock, .connectionRate, .fixed, contact, scene)
            #expect((0...1).contains(share), "\(silence) s: \(share)")
        }
    }

    @Test func whatCouldNotBeSentAfterTheRemedySaysNothingOfIt() async throws {
        let truth = try EngineTests.hypothesis(.serviceNotListening, .destinationPort, .reset)
        var engine = await EngineTests.diagnose(truth, tier: 2, seed: 1)
        let experiment = try #require(engine.confirmation)
        let plan = try #require(experiment.probe)
        var result = ExperimentResult()
        result.probe = ProbeRecord(plan, startedAt: "2026-01-01T01:00:00Z")
        result.probe?.outcome = .notSent
        engine.take(result, of: experiment, why: .confirmation, at: 4000)
        #expect(engine.isConfirmed == nil && engine.notes.last?.arguments.first == "not-sent")
    }
}
