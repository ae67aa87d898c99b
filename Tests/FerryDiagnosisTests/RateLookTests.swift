import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// How fast a way is found to let pass what it cuts.
@Suite struct RateLookTests {
    private let view = SiteView(EngineTests.site, tier: 2)

    /// A transfer to the suspect that was made at `rate`, of which `goodput` came through.
    private func transfer(at rate: Double?, _ goodput: Double, _ outcome: ProbeOutcome) -> DiagnosisEngine.Done {
        var plan = ProbePlan(id: "p", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .rsync)
        plan.payload = ProbePayload(.random, bytes: 1 << 20, bitsPerSecond: rate)
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.outcome, record.bytesSent, record.bytesAcknowledged) = (.ok, 1 << 20, 1 << 20)
        record.durationSeconds = Double(1 << 20) * 8 / goodput
        var experiment = Experiment(rate == nil ? .transfer : .rate, changed: "")
        (experiment.probe, experiment.contact) = (plan, view.contact(plan))
        var result = ExperimentResult()
        result.probe = record
        return DiagnosisEngine.Done(
            experiment: experiment,
            why: .noted,
            result: result,
            outcome: outcome,
            findings: [],
            isDiscarded: false,
            belief: []
        )
    }

    @Test func whereNothingWasSentAsFastAsItGoesNothingIsPaced() {
        let look = RateLook(view: view, done: [transfer(at: 1e6, 1e6, .ok)])
        #expect(look.next == nil && look.measured == nil)
        // What only fills a queue is no worse for it.
        #expect(RateLook(view: view, done: [transfer(at: nil, 5e6, .ok)]).next?.payload?.bitsPerSecond == 4e6)
    }

    @Test func whatCameThroughIsTriedMoreSlowlyUntilItPasses() throws {
        var done = [transfer(at: nil, 5e6, .slowLossy), transfer(at: nil, 4e6, .slowLossy)]
        let first = try #require(RateLook(view: view, done: done).next)
        #expect(first.payload?.bitsPerSecond == 3.2e6)
        done.append(transfer(at: 3.2e6, 3.0e6, .slowLossy))
        let second = try #require(RateLook(view: view, done: done).next)
        #expect(second.payload?.bitsPerSecond == 2e6)
        #expect(RateLook(view: view, done: done).measured?.passesBitsPerSecond == nil)
        done.append(transfer(at: 2e6, 2e6, .ok))
        let look = RateLook(view: view, done: done)
        #expect(look.next == nil)
        #expect(look.measured == DiagnosisDocument.Rate(unpacedBitsPerSecond: 4e6, passesBitsPerSecond: 2e6))
        #expect(look.measured?.sentence == "At 2 Mbit/s it passes; sent as fast as it goes, 4 Mbit/s came through.")
    }

    @Test func whatPassesFarBelowDoesNotSayHowFastItMayGo() {
        let done = [transfer(at: nil, 8e6, .slowLossy), transfer(at: 1e6, 1e6, .ok)]
        #expect(RateLook(view: view, done: done).next?.payload?.bitsPerSecond == 6.4e6)
        #expect(RateLook(view: view, done: done).measured?.passesBitsPerSecond == 1e6)
    }

    @Test func whatGoesOnFailingIsNotTriedForEver() {
        let done = [
            transfer(at: nil, 4e6, .slowLossy), transfer(at: 3.2e6, 3e6, .slowLossy),
            transfer(at: 2e6, 1e6, .slowLossy),
        ]
        #expect(RateLook(view: view, done: done).next == nil)
    }

    @Test func severalConnectionsGoToStrangersOfTheSuspectAndNeedAYes() {
        func several(_ site: Site, _ scene: Scene) -> [Experiment] {
            ExperimentCatalogue(view: SiteView(site, tier: 2), scene: scene).candidates().filter {
                $0.kind == .concurrency
            }
        }
        var site = EngineTests.site
        site.otherDestinations = [
            Site.Endpoint(host: "192.0.2.50", port: 80), Site.Endpoint(host: "203.0.113.12", port: 8703),
        ]
        site.otherDestinations[0].relation = .unrelated
        site.otherDestinations[1].relation = .sameRegion
        site.allow = []
        #expect(several(site, Scene()).isEmpty)
        site.allow = [.rateTest]
        let all = several(site, Scene())
        #expect(all.map { $0.probe?.host } == ["192.0.2.50"] && all.first?.contact?.concurrency == 16)
        var scene = Scene()
        scene.failingConcurrency = 40
        #expect(several(site, scene).first?.contact?.concurrency == 41)
        scene.failingConcurrency = 5000
        #expect(several(site, scene).first?.contact?.concurrency == 64)
    }

    @Test func limitOfTheSitesOwnIsMetBySeveralAtOnceAndALimitOfTheServiceIsNot() throws {
        var contact = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .unrelated(0), port: .other(80))
        contact.concurrency = 16
        func fails(_ cause: Cause) throws -> Double {
            let hypothesis = try #require(
                FaultTable.hypotheses().map(\.0).first { $0.cause == cause && $0.second == nil }
            )
            return 1 - ContactModel.outcomes(hypothesis, contact, Scene())[.ok]
        }
        #expect(try fails(.firewallSessionLimit) > 0.8)
        #expect(try fails(.concurrencyLimit) < 0.1)
        #expect(try fails(.snatPortExhaustion) < 0.1)
    }
}
