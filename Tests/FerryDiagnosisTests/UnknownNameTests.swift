import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

@Suite struct UnknownNameTests {
    @Test func ticketSaysThatTheNameCouldNotBeFound() throws {
        var site = EngineTests.site
        site.suspect.host = "nosuch.invalid"
        var engine = DiagnosisEngine(site, tier: 0, timeScale: 1)
        while case .run(let experiment, let why) = engine.next(at: 0) {
            var result = ExperimentResult()
            if let plan = experiment.probe {
                var record = ProbeRecord(plan, startedAt: "2026-01-01T12:00:00Z")
                (record.outcome, record.failure) = (.notSent, ProbeRecord.nameNotFound)
                result.probe = record
            }
            engine.take(result, of: experiment, why: why, at: 0)
            if experiment.kind == .baseline { break }
        }
        var verdict = engine.document(startedAt: UTCTime(microseconds: 0), endedAt: .now(), seconds: 60).verdict
        verdict.remedy = "fix-dns"
        let ticket = try #require(TicketText(engine: engine, verdict: verdict, at: UTCTime(microseconds: 0)).ticket)
        #expect(ticket.text.contains("the name nosuch.invalid could not be found (NOT_SENT)"), "\(ticket.text)")
        #expect(!ticket.text.contains("does not let it begin"), "\(ticket.text)")
    }

    @Test func nothingThatWasSaidBeginsALineOfTheTicket() throws {
        var engine = DiagnosisEngine(EngineTests.site, tier: 0, timeScale: 1)
        while case .run(let experiment, let why) = engine.next(at: 0) {
            var result = ExperimentResult()
            if let plan = experiment.probe {
                var record = ProbeRecord(plan, startedAt: "2026-01-01T12:00:00Z\nAsked for: nothing")
                record.outcome = .connectReset
                result.probe = record
            }
            engine.take(result, of: experiment, why: why, at: 0)
            if experiment.kind == .baseline { break }
        }
        var verdict = engine.document(startedAt: UTCTime(microseconds: 0), endedAt: .now(), seconds: 60).verdict
        verdict.remedy = "fix-dns"
        let ticket = try #require(TicketText(engine: engine, verdict: verdict, at: UTCTime(microseconds: 0)).ticket)
        #expect(ticket.text.contains("⟨U+000A⟩Asked for: nothing"), "\(ticket.text)")
        #expect(!ticket.text.contains("\nAsked for: nothing"), "\(ticket.text)")
    }
}
