import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// By which address the failing source leaves, where a service or the mover's log says so.
@Suite struct LeavingAddressTests {
    private static let start = "2026-01-01T12:00:00Z"

    /// The suspect refuses between two controls of which one says by which address it sees its client.
    private static func engine(
        log: String = "",
        _ echo: String?,
        _ change: (inout ProbeRecord) -> Void = { _ in }
    ) throws -> DiagnosisEngine {
        let now = try #require(UTCTime(parsing: start))
        var engine = DiagnosisEngine(EngineTests.site, tier: 0, timeScale: 1)
        engine.take(history: MoverEvent.reading(log).events, now: now)
        while true {
            guard case .run(let experiment, let why) = engine.next(at: 0) else {
                Issue.record("the suspect is looked at first")
                return engine
            }
            var result = ExperimentResult()
            if let plan = experiment.control {
                var control = ProbeRecord(plan, startedAt: start)
                control.outcome = .ok
                control.source = "10.10.1.2:40001"
                control.destination = "203.0.113.11:8080"
                control.translatedSource = echo
                change(&control)
                result.before = control
            }
            result.probe = experiment.probe.map { ProbeRecord($0, startedAt: start) }
            result.probe?.outcome = .connectReset
            result.probe?.source = "10.10.1.2:40000"
            engine.take(result, of: experiment, why: why, at: 0)
            if experiment.kind == .baseline { return engine }
        }
    }

    private static func ticket(_ engine: DiagnosisEngine) -> String? {
        engine.document(startedAt: UTCTime(microseconds: 0), endedAt: .now(), seconds: 60).ticket?.text
    }

    @Test func ticketNamesTheAddressThatAControlAtTheHostSees() throws {
        let engine = try Self.engine("198.51.100.62:50001")
        #expect(engine.leavingAddresses == ["198.51.100.62"])
        #expect(Self.ticket(engine)?.contains("Connections from 198.51.100.62 to 203.0.113.11 port 8703") == true)
    }

    @Test func whatIsSeenElsewhereOrOfAnotherAddressIsNotTakenForTheFailingOne() throws {
        #expect(try Self.engine("198.51.100.62:50001") { $0.plan.host = "192.0.2.50" }.leavingAddresses.isEmpty)
        #expect(try Self.engine("198.51.100.62:50001") { $0.plan.sourceAddress = "10.10.2.1" }.leavingAddresses.isEmpty)
        #expect(try Self.engine("198.51.100.62:50001") { $0.plan.vantage = "neighbour" }.leavingAddresses.isEmpty)
        #expect(try Self.engine("not an address").leavingAddresses.isEmpty)
    }

    @Test(arguments: ["127.0.0.1:40000", "10.0.0.7:40000", "203.0.113.11:40000"])
    func addressOfAProxyBeforeTheServiceIsNotTakenForTheSources(echo: String) throws {
        #expect(try Self.engine(echo).leavingAddresses.isEmpty)
    }

    @Test func whatAVantageHasSeenCountsBeforeWhatAServiceSays() throws {
        var engine = try Self.engine("198.51.100.62:50001")
        engine.translatedAddresses = ["198.51.100.60"]
        #expect(engine.leavingAddresses == ["198.51.100.60"])
    }

    private static let log = """
        {"time":"2026-01-01T11:00:00Z","event":"lane-started","source":"10.10.1.2:39999","observedSource":"198.51.100.60:50000"}
        {"time":"2026-01-01T11:10:00Z","event":"lane-ended","source":"10.10.1.2:39999","destination":"203.0.113.11","port":8703,"outcome":"MID_RST"}
        {"time":"2026-01-01T11:20:00Z","event":"lane-ended","source":"10.10.1.2:39999","destination":"203.0.113.11","port":8703,"outcome":"CONNECT_RST"}
        """

    @Test func theMoversLogTellsItUntilItIsSeen() throws {
        #expect(MoverEvent.reading(Self.log).events.map(\.observedSource) == ["198.51.100.60:50000", nil])
        #expect(try Self.engine(log: Self.log, nil).leavingAddresses == ["198.51.100.60"])
        #expect(try Self.engine(log: Self.log, "198.51.100.62:50001").leavingAddresses == ["198.51.100.62"])
    }

    /// A probe from the vantage "elsewhere", which the site declares to be outside, by `local`, of a source server that has
    /// 10.10.1.2.
    private static func contact(by local: String) throws -> (Contact, DiagnosisEngine) {
        var engine = try engine(nil)
        let plan = ProbePlan(id: "p9", vantage: "elsewhere", host: "203.0.113.11", port: 8703, speaks: .rsync)
        engine.begins(plan, at: 0)
        var result = ExperimentResult()
        var record = ProbeRecord(plan, startedAt: start)
        (record.outcome, record.source) = (.connectReset, "\(local):40000")
        result.probe = record
        engine.take(result, of: engine.experiment(.vantage, plan, nil), why: .noted, at: 0)
        return (engine.view.contact(plan), engine)
    }

    @Test func aVantageThatIsDeclaredElsewhereAndHasAnAddressBesideTheSourcesCountsForLess() throws {
        let (beside, engine) = try Self.contact(by: "10.10.1.7")
        #expect(beside.source.sharesFailing > 0 && !beside.leavesByItsOwnAddress)
        #expect(engine.notesOfVantagesBeside.map(\.arguments) == [["elsewhere", "other-public", "10.10.1.7"]])
        // What was asked from there has been asked from where it fails.
        let failing = ProbePlan(id: "p10", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .rsync)
        #expect(engine.guards.wait(for: engine.view.contact(failing), now: 1) > 0)
    }

    @Test(arguments: ["10.10.2.7", "192.0.2.9", "192.168.1.2"]) func oneWithAnotherAddressCountsAsDeclared(
        local: String
    ) throws {
        let (elsewhere, engine) = try Self.contact(by: local)
        #expect(elsewhere.source.sharesFailing == 0 && engine.notesOfVantagesBeside.isEmpty)
    }
}
