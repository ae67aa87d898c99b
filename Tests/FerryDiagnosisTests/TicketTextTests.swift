import FerryCore
import FerryEvidence
import Foundation
import Testing

@testable import FerryDiagnosis

/// Whoever gets a ticket can do what it asks for.
@Suite struct TicketTextTests {
    /// The ticket after the control, the suspect and the other host of the region were called.
    /// - Parameters:
    ///   - outcome: what the suspect's port came to at both hosts.
    ///   - outside: the address by which others have seen the source; nil if nobody has.
    private static func ticket(
        _ outcome: ProbeOutcome,
        outside: String? = nil,
        site: Site = EngineTests.site,
        _ change: (inout DiagnosisDocument.Verdict) -> Void
    ) throws -> DiagnosisDocument.Ticket {
        var engine = DiagnosisEngine(site, tier: 0, timeScale: 1)
        var number = 0
        func record(_ plan: ProbePlan?) -> ProbeRecord? {
            guard var plan else { return nil }
            number += 1
            plan.id = "p\(number)"
            var record = ProbeRecord(plan, startedAt: "2026-01-01T12:00:00Z")
            let isControl = plan.port == 8080
            record.outcome = isControl ? .ok : outcome
            (record.source, record.destination) = ("10.10.1.2:40000", "\(plan.host):\(plan.port)")
            record.translatedSource = outside.map { "\($0):40000" }
            record.failureSeconds = isControl ? nil : 0.03
            if outcome.worked || isControl { record.connectSeconds = 0.03 }
            return record
        }
        var isEnough = false
        var count = 0
        engine.drive { experiment in
            if isEnough || count > 12 { return nil }
            count += 1
            isEnough = experiment.contact?.destination == .sameRegion(0)
            var result = ExperimentResult()
            (result.before, result.after) = (record(experiment.control), record(experiment.control))
            result.probe = record(experiment.probe)
            return result
        }
        var verdict = engine.document(startedAt: UTCTime(microseconds: 0), endedAt: .now(), seconds: 60).verdict
        (verdict.level, verdict.causes) = (.veryLikely, ["anti-abuse-block"])
        (verdict.remedy, verdict.remedyOwner) = ("ask-cloud-to-allowlist", "cloud")
        verdict.selector = ["source-address", "destination-port"]
        change(&verdict)
        return try #require(TicketText(engine: engine, verdict: verdict, at: UTCTime(microseconds: 0)).ticket)
    }

    @Test func cloudIsNotAskedAboutAnAddressThatItNeverSees() throws {
        let ticket = try Self.ticket(.synTimeout) { _ in }
        #expect(ticket.hidesSource == true)
        #expect(ticket.text.contains("[the public address that 10.10.1.2 leaves by: fill it in"), "\(ticket.text)")
        let seen = try Self.ticket(.synTimeout, outside: "198.18.2.62") { _ in }
        #expect(seen.hidesSource == nil && seen.text.contains("Connections from 198.18.2.62 to"), "\(seen.text)")
    }

    @Test func addressThatIsDeclaredIsTheOneThatACloudIsAskedAbout() throws {
        var site = EngineTests.site
        site.sourceAddresses = [Site.SourceAddress(address: "198.18.2.62", via: "source")]
        let ticket = try Self.ticket(.synTimeout, site: site) { _ in }
        #expect(ticket.hidesSource == nil && ticket.text.contains("Connections from 198.18.2.62 to"), "\(ticket.text)")
    }

    @Test func mechanismOfASetIsNoFact() throws {
        let ticket = try Self.ticket(.synTimeout, outside: "198.18.2.62") { verdict in
            (verdict.level, verdict.mechanism) = (.indistinguishable, "loss")
            verdict.causes = ["random-loss", "security-group"]
        }
        #expect(!ticket.text.contains("slow or lossy"), "\(ticket.text)")
    }

    @Test func sitesOwnFirewallIsAskedAboutItsOwnAddress() throws {
        let ticket = try Self.ticket(.synTimeout) { verdict in
            (verdict.remedy, verdict.remedyOwner) = ("fix-source-firewall", "customer-network")
        }
        #expect(ticket.hidesSource == nil && ticket.text.contains("let 10.10.1.2 connect to"), "\(ticket.text)")
    }

    @Test func blockOfAPortIsLiftedWhereverItActs() throws {
        let ticket = try Self.ticket(.synTimeout, outside: "198.18.2.62") { _ in }
        #expect(ticket.failedHosts == ["203.0.113.11", "203.0.113.12"])
        #expect(ticket.text.contains("port 8703 of all addresses (it failed at 203.0.113.11, 203.0.113.12)"))
        let one = try Self.ticket(.synTimeout, outside: "198.18.2.62") { $0.selector.append("destination-address") }
        #expect(one.failedHosts == nil && one.text.contains("towards 203.0.113.11:8703"), "\(one.text)")
    }

    @Test func ownerOfASetsFirstCauseIsAskedToLook() throws {
        let ticket = try Self.ticket(.synTimeout, outside: "198.18.2.62") { verdict in
            (verdict.level, verdict.causes) = (.indistinguishable, ["anti-abuse-block", "security-group"])
        }
        #expect(
            ticket.text.contains("see in your own records and counters of that time whether it is anti-abuse-block")
        )
        #expect(ticket.text.contains("Until they are, it may also be for staging-owner."), "\(ticket.text)")
    }

    @Test func slowConnectionIsNotAmongThoseThatWork() throws {
        let ticket = try Self.ticket(.lateConnect) { _ in }
        let parts = ticket.text.components(separatedBy: "Connections that worked at the same time:")
        #expect(parts.count == 2 && parts[0].contains("(LATE_CONNECT)") && !parts[1].contains(":8703"))
        // Each way once, however often it was gone.
        let ways = parts[1].split(separator: "\n").compactMap {
            $0.split(separator: "Z  ").last?.split(separator: " tcp ").first
        }
        #expect(Set(ways).count == ways.count && parts[1].contains("the last of"), "\(ticket.text)")
    }
}
