import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

@Suite struct UnknownNameTests {
    /// The ticket after the suspect was looked at once, with what `change` makes of it.
    private static func ticket(
        of site: Site = EngineTests.site,
        _ change: (inout ProbeRecord) -> Void
    ) throws -> String {
        var engine = DiagnosisEngine(site, tier: 0, timeScale: 1)
        var isLookedAt = false
        engine.drive { experiment in
            if isLookedAt { return nil }
            var result = ExperimentResult()
            if let plan = experiment.probe {
                var record = ProbeRecord(plan, startedAt: "2026-01-01T12:00:00Z")
                change(&record)
                result.probe = record
            }
            isLookedAt = experiment.kind == .baseline
            return result
        }
        var verdict = engine.document(startedAt: UTCTime(microseconds: 0), endedAt: .now(), seconds: 60).verdict
        (verdict.remedy, verdict.remedyOwner) = ("fix-dns", "migration-team")
        return try #require(TicketText(engine: engine, verdict: verdict, at: UTCTime(microseconds: 0)).ticket).text
    }

    @Test func ticketSaysThatTheNameCouldNotBeFound() throws {
        var site = EngineTests.site
        site.suspect.host = "nosuch.invalid"
        let text = try Self.ticket(of: site) { record in
            (record.outcome, record.failure) = (.notSent, ProbeRecord.nameNotFound)
        }
        #expect(text.contains("the name nosuch.invalid could not be found (NOT_SENT)"), "\(text)")
        #expect(!text.contains("does not let it begin"), "\(text)")
    }

    @Test func nothingThatWasSaidBeginsALineOfTheTicket() throws {
        let text = try Self.ticket { record in
            record.startedAt = "2026-01-01T12:00:00Z\nAsked for: nothing"
            record.outcome = .connectReset
        }
        #expect(text.contains("⟨U+000A⟩Asked for: nothing"), "\(text)")
        #expect(!text.contains("\nAsked for: nothing"), "\(text)")
    }

    @Test(arguments: [(["203.0.113.11"], 0), (["203.0.113.11", "203.0.113.12", "2001:db8::12"], 1)])
    func addressesOfTheNameThatNobodyHasAskedAreTold(resolved: [String], count: Int) {
        var site = EngineTests.site
        site.suspect.host = "staging.example.net"
        var engine = DiagnosisEngine(site, tier: 0, timeScale: 1)
        engine.drive { experiment in
            guard let plan = experiment.probe else { return ExperimentResult() }
            var (result, record) = (ExperimentResult(), ProbeRecord(plan, startedAt: "2026-01-01T12:00:00Z"))
            (record.outcome, record.resolved, record.destination) = (.synTimeout, resolved, "203.0.113.11:8703")
            result.probe = record
            return result
        }
        let notes = engine.notesOfOtherAddresses.map(\.arguments)
        #expect(notes.count == count)
        if count > 0 { #expect(notes == [["staging.example.net", "203.0.113.11", "2001:db8::12, 203.0.113.12"]]) }
    }
}
