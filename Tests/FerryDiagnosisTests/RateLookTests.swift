import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// How fast a way is found to let pass what it cuts.
@Suite struct RateLookTests {
    private let view = SiteView(EngineTests.site, tier: 2)

    /// A transfer that was made at `rate`, of which `goodput` came through, and `again` of a hundred segments twice.
    private func transfer(
        at rate: Double?,
        _ goodput: Double,
        again: Int = 0,
        arrived: Double = 1,
        to host: String = "203.0.113.11",
        isDiscarded: Bool = false
    ) -> DiagnosisEngine.Done {
        var plan = ProbePlan(id: "p", vantage: "source", host: host, port: 8703, speaks: .rsync)
        plan.payload = ProbePayload(.random, bytes: 1 << 20, bitsPerSecond: rate)
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        let bytes = Int(Double(1 << 20) * arrived)
        (record.outcome, record.bytesSent, record.bytesAcknowledged) = (arrived < 1 ? .slowShaped : .ok, 1 << 20, bytes)
        record.durationSeconds = Double(bytes) * 8 / goodput
        record.tcp = TCPFacts(seconds: record.durationSeconds)
        record.tcp?.bytesSent = 1 << 20
        record.tcp?.bytesRetransmitted = (1 << 20) * again / 100
        var experiment = Experiment(rate == nil ? .transfer : .rate, changed: "")
        (experiment.probe, experiment.contact) = (plan, view.contact(plan))
        var result = ExperimentResult()
        result.probe = record
        return DiagnosisEngine.Done(
            experiment: experiment,
            why: .noted,
            result: result,
            outcome: ProbeReading(contact: view.contact(plan), record: record, reference: 0.03).outcome,
            findings: [],
            isDiscarded: isDiscarded,
            belief: []
        )
    }

    @Test func whereNothingWasSentAsFastAsItGoesNothingIsPaced() {
        let look = RateLook(done: [transfer(at: 1e6, 1e6)])
        #expect(look.next == nil && look.measured == nil)
        // What only fills a queue is no worse for it.
        #expect(RateLook(done: [transfer(at: nil, 5e6)]).next?.payload?.bitsPerSecond == 4e6)
    }

    @Test func whatCameThroughIsTriedMoreSlowlyUntilItPasses() throws {
        var done = [transfer(at: nil, 5e6, again: 10), transfer(at: nil, 4e6, again: 10)]
        let first = try #require(RateLook(done: done).next)
        #expect(first.payload?.bitsPerSecond == 3.2e6)
        done.append(transfer(at: 3.2e6, 3.0e6, again: 10))
        let second = try #require(RateLook(done: done).next)
        #expect(second.payload?.bitsPerSecond == 2e6)
        #expect(RateLook(done: done).measured?.passesBitsPerSecond == nil)
        done.append(transfer(at: 2e6, 2e6))
        let look = RateLook(done: done)
        #expect(look.next == nil)
        #expect(look.measured == DiagnosisDocument.Rate(unpacedBitsPerSecond: 4e6, passesBitsPerSecond: 2e6))
        #expect(look.measured?.sentence == "At 2 Mbit/s it passes; sent as fast as it goes, 4 Mbit/s came through.")
    }

    @Test func whatWasCutOffByItsTimeOrByTheFarEndHasNotPassed() throws {
        var done = [transfer(at: nil, 4e6, again: 10), transfer(at: 3.2e6, 3.2e6, arrived: 0.3)]
        #expect(RateLook(done: done).measured?.passesBitsPerSecond == nil)
        done.append(transfer(at: 2e6, 1.2e6))
        #expect(
            RateLook(done: done).measured?.passesBitsPerSecond == nil,
            "it came through more slowly than it was sent"
        )
    }

    @Test func eachRateIsTriedOnceWhateverComesOfIt() {
        var done = [transfer(at: nil, 4e6, again: 10)]
        var rates: [Double] = []
        while let plan = RateLook(done: done).next, rates.count < 9 {
            let rate = plan.payload?.bitsPerSecond ?? 0
            rates.append(rate)
            // One whose controls disagree, and one that the far end cuts short.
            done.append(transfer(at: rate, 1e6, arrived: 0.01, isDiscarded: rates.count == 1))
        }
        #expect(rates == [3.2e6, 2e6])
    }

    @Test func anothersWayIsNotTheOneInQuestion() {
        let done = [transfer(at: nil, 1e6, again: 10, to: "192.0.2.40"), transfer(at: nil, 4e6, again: 10)]
        #expect(RateLook(done: done).next?.host == "203.0.113.11")
        #expect(RateLook(done: done).measured?.unpacedBitsPerSecond == 4e6)
        #expect(RateLook(done: [transfer(at: nil, 1e6, to: "192.0.2.40")]).measured == nil)
    }

    @Test func numbersOfAHostileVantageAreBounded() {
        var done = [transfer(at: nil, 4e6, again: 10)]
        done[0].result.probe?.bytesAcknowledged = .max
        done[0].result.probe?.durationSeconds = 0
        #expect((RateLook(done: done).next?.payload?.bytes ?? 0) <= 1 << 20)
        done[0].result.probe?.bytesAcknowledged = .min
        #expect(RateLook(done: done).next == nil)
        let log = KeyLog()
        var plan = ProbePlan(id: "p", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .tcp)
        plan.concurrency = .max
        for bytes in [Int.max, .max, .min] { log.note(plan, bytesSent: bytes, at: 0) }
        #expect(log.history(of: plan, now: 1).counts.allSatisfy { $0.connects == 3000 && $0.bytes == 2 << 40 })
    }

    @Test(arguments: [1, 2, 3])
    func looksAtTheRateKeepToTheBudgetOfConnects(most: Int) async throws {
        let truth = try #require(FaultTable.hypotheses().map(\.0).first { $0.cause == .policer && $0.second == nil })
        var site = EngineTests.site
        site.budget.suspectConnects = most
        for seed in 1...3 {
            let engine = await EngineTests.diagnose(truth, tier: 2, seed: UInt64(seed), site: site)
            #expect(engine.guards.suspectConnects <= most, "seed \(seed)")
        }
    }

    @Test func whatPassesFarBelowDoesNotSayHowFastItMayGo() {
        let done = [transfer(at: nil, 8e6, again: 10), transfer(at: 1e6, 1e6)]
        #expect(RateLook(done: done).next?.payload?.bitsPerSecond == 6.4e6)
        #expect(RateLook(done: done).measured?.passesBitsPerSecond == 1e6)
    }

    @Test func whatGoesOnFailingIsNotTriedForEver() {
        let done = [
            transfer(at: nil, 4e6, again: 10), transfer(at: 3.2e6, 3e6, again: 10),
            transfer(at: 2e6, 1e6, again: 10),
        ]
        #expect(RateLook(done: done).next == nil)
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
            Site.Endpoint(host: "192.0.2.51", port: 9000), Site.Endpoint(host: "203.0.113.11", port: 9001),
        ]
        site.otherDestinations[0].relation = .unrelated
        site.otherDestinations[1].relation = .sameRegion
        // Nobody has said what the third is; the fourth is the suspect's host, whatever is said of it.
        site.otherDestinations[3].relation = .unrelated
        site.allow = []
        #expect(several(site, Scene()).isEmpty)
        site.allow = [.rateTest]
        let all = several(site, Scene())
        #expect(all.map { $0.probe?.host } == ["192.0.2.50"] && all.first?.contact?.concurrency == 16)
        var scene = Scene()
        scene.failingConcurrency = 40
        #expect(several(site, scene).first?.contact?.concurrency == 40)
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
