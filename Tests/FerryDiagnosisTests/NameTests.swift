import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// What is made of a suspect's name, and of addresses that a server does not know to be its own.
@Suite struct NameTests {
    private static let named: Site = {
        var site = EngineTests.site
        site.suspect.host = "staging.example"
        site.controls[0].host = "staging.example"
        return site
    }()

    @Test(arguments: [Mechanism.reset, .drop])
    func nameThatLeadsElsewhereIsFound(mechanism: Mechanism) async throws {
        let truth = try EngineTests.hypothesis(.dnsWrong, .destinationAddress, mechanism)
        let verdict = await EngineTests.diagnose(truth, tier: 2, seed: 1, site: Self.named).verdict
        #expect(verdict.remedy == "fix-dns", "with the seed 1: \(verdict.causes)")
    }

    @Test func addressThatIsGivenLeadsNowhereWrong() {
        let engine = DiagnosisEngine(EngineTests.site, tier: 2, timeScale: 1)
        #expect(!engine.belief.hypotheses.contains { $0.cause == .dnsWrong })
    }

    @Test func nameIsWatchedByItsPortsUntilItIsKnownWhereItLeads() throws {
        var engine = DiagnosisEngine(Self.named, tier: 2, timeScale: 1)
        var hosts: [String] = []
        engine.drive { experiment in
            if hosts.count == 2 { return nil }
            var result = ExperimentResult()
            for watch in experiment.watches {
                // Where the name leads, each vantage sees by itself.
                if watch.vantage == "edge", experiment.probe?.vantage == "source" { hosts.append(watch.host) }
                if watch.vantage == "staging" { #expect(watch.host.isEmpty) }
            }
            result.probe = experiment.probe.map { plan in
                var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
                record.outcome = .synTimeout
                record.destination = "203.0.113.11:\(plan.port)"
                return record
            }
            return result
        }
        #expect(hosts == ["", "203.0.113.11"])
    }

    private func owns(_ own: [String], suspect: Set<String>) -> Bool? {
        var record = HostRecord(
            HostPlan(id: "h", vantage: "staging", ownPorts: [], peers: []),
            startedAt: "2026-01-01T00:00:00Z"
        )
        record.addresses = own
        let reading = HostReading(
            view: SiteView(EngineTests.site, tier: 2),
            suspectAddresses: suspect,
            before: [record],
            after: []
        )
        for case .finding(.ownsSuspectAddress(let value)) in reading.findings { return value }
        return nil
    }

    @Test func publicAddressBeforeAServerWithPrivateOnesIsNoStrangers() {
        let suspect: Set = ["203.0.113.11"]
        #expect(owns(["127.0.0.1", "203.0.113.11"], suspect: suspect) == true)
        #expect(owns(["127.0.0.1", "203.0.113.12"], suspect: suspect) == false)
        #expect(owns(["127.0.0.1", "::1", "fe80::1", "172.16.4.9"], suspect: suspect) == nil)
        #expect(owns(["100.64.0.9"], suspect: suspect) == nil)
        #expect(owns(["10.0.0.9"], suspect: ["10.0.0.8"]) == false)
        #expect(owns(["10.0.0.9"], suspect: []) == nil)
        // A global address of the other family is none of these.
        #expect(owns(["10.0.0.9", "2001:db8::9"], suspect: suspect) == nil)
        #expect(owns(["2001:db8::1"], suspect: ["2001:DB8:0::1"]) == true)
    }

    @Test func historyOfANamedSuspectIsItsOwn() {
        let view = SiteView(Self.named, tier: 2)
        #expect(view.isSuspectHost("203.0.113.11"))
        #expect(view.isSuspectHost("staging.example"))
        #expect(!view.isSuspectHost("192.0.2.40"))
        #expect(!SiteView(EngineTests.site, tier: 2).isSuspectHost("203.0.113.99"))
    }
}
