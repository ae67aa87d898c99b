import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// Addresses of IPv6 have colons of their own.
@Suite struct IPv6WordsTests {
    @Test func ticketTellsAddressesAndPortsApart() throws {
        var site = EngineTests.site
        site.suspect.host = "2001:db8::11"
        site.controls[0].host = "2001:db8::11"
        var engine = DiagnosisEngine(site, tier: 0, timeScale: 1)
        while case .run(let experiment, let why) = engine.next(at: 0) {
            let peers = experiment.hosts.flatMap(\.peers)
            #expect(peers.isEmpty || peers.contains("[2001:db8::11]:8703"))
            var result = ExperimentResult()
            if let plan = experiment.probe {
                var record = ProbeRecord(plan, startedAt: "2026-01-01T12:00:00Z")
                record.outcome = .refusedFull
                (record.source, record.destination) = ("[2001:db8::2]:40000", "[2001:db8::11]:8703")
                result.probe = record
            }
            engine.take(result, of: experiment, why: why, at: 0)
            if experiment.kind == .baseline { break }
        }
        let document = engine.document(startedAt: UTCTime(microseconds: 0), endedAt: .now(), seconds: 60)
        let text = try #require(document.ticket?.text)
        #expect(text.contains("Connections from 2001:db8::2 to 2001:db8::11 port 8703"), "\(text)")
        #expect(text.contains("[2001:db8::2]:40000 -> [2001:db8::11]:8703"), "\(text)")
        #expect(!text.contains("leaves as"), "\(text)")
    }
}
