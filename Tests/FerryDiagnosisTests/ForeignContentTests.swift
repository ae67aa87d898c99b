import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// Services need not take content that none of their clients sends.
@Suite struct ForeignContentTests {
    /// What a connection comes to at a daemon that knows no mercy: what does not begin with its words it resets.
    private static func answer(_ plan: ProbePlan, resets: (ProbePayload) -> Bool) -> ProbeRecord {
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.connectSeconds, record.durationSeconds, record.bytesReceived) = (0.03, 0.5, 14)
        record.text = "@RSYNCD: 31.0 "
        let bytes = plan.payload?.bytes ?? 0
        (record.phase, record.bytesSent, record.bytesAcknowledged) = (.done, bytes, bytes)
        guard plan.speaks == .rsync, let payload = plan.payload else { return record }
        if payload.kind == .real {
            (record.outcome, record.phase, record.closedBy) = (.applicationError, .receive, .peer)
            record.text = "@RSYNCD: 31.0 @ERROR: Unknown module 'backup' "
        } else if resets(payload) {
            (record.outcome, record.phase, record.closedBy) = (.midReset, .send, .peer)
            record.bytesAcknowledged = min(bytes, 90_000)
        }
        return record
    }

    private static func diagnosed(tier: Int, resets: (ProbePayload) -> Bool) -> DiagnosisEngine {
        var site = EngineTests.site
        site.otherDestinations = []
        var engine = DiagnosisEngine(site, tier: tier, timeScale: 1)
        var now = 0.0
        for _ in 0..<100 {
            switch engine.next(at: now) {
            case .stop: return engine
            case .wait(let seconds, _): now += seconds
            case .run(let experiment, let why):
                var result = ExperimentResult()
                if let plan = experiment.probe {
                    engine.begins(plan, at: now)
                    result.probe = answer(plan, resets: resets)
                    result.before = experiment.control.map { answer($0, resets: resets) }
                    result.after = result.before
                }
                engine.take(result, of: experiment, why: why, at: now)
                now += 3
            }
        }
        return engine
    }

    @Test(arguments: [0, 1])
    func serviceThatResetsWhatItDoesNotUnderstandIsNoFault(tier: Int) {
        let engine = Self.diagnosed(tier: tier) { _ in true }
        #expect(engine.verdict.causes == ["none"], "\(engine.verdict)")
        // It is not done to it again and again.
        // Whoever reads it is told why such a comparison does not count.
        let told = engine.document(startedAt: .now(), endedAt: .now(), seconds: 1).experiments
            .filter { $0.isLeftOpen == true }
        #expect(!told.isEmpty && told.allSatisfy { $0.held == false })
        let open = engine.done.filter(\.isLeftOpen)
        #expect(1...4 ~= open.count, "content was sent, and its end is told to be open")
    }

    @Test func endOfMuchContentCountsOnceTheServiceHasTakenALittleOfIt() throws {
        var engine = DiagnosisEngine(EngineTests.site, tier: 0, timeScale: 1)
        func take(_ bytes: Int, at now: Double) {
            var experiment = Experiment(.transfer, changed: "")
            var plan = ProbePlan(id: "p", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .rsync)
            plan.payload = ProbePayload(.random, bytes: bytes)
            (experiment.probe, experiment.contact) = (plan, engine.view.contact(plan))
            var result = ExperimentResult()
            result.probe = Self.answer(plan) { $0.bytes > 100_000 }
            engine.take(result, of: experiment, why: .noted, at: now)
        }
        func share(_ cause: Cause) -> Double { engine.belief.shares(\.cause).first { $0.key == cause }?.share ?? 0 }
        take(1 << 20, at: 0)
        let before = share(.byteQuota)
        #expect(engine.done[0].isLeftOpen && engine.scene.takesLittle == ["203.0.113.11:8703"])
        take(8192, at: 200)
        #expect(!engine.done[0].isLeftOpen && !engine.done[0].isDiscarded && engine.scene.takesLittle.isEmpty)
        #expect(share(.byteQuota) > 3 * before)
    }

    @Test(arguments: [
        (Finding.ServerEnd.reset, "of the service"), (.close, "of the service"), (.nothing, "counts"),
        (.afterClient, "counts"),
    ])
    func whatTheStagingServerItselfSentSaysWhoEndedIt(end: Finding.ServerEnd, expected: String) {
        var plan = ProbePlan(id: "p", vantage: "source", host: "203.0.113.11", port: 8703, speaks: .rsync)
        plan.payload = ProbePayload(.random, bytes: 1 << 20)
        let contact = SiteView(EngineTests.site, tier: 2).contact(plan)
        let record = Self.answer(plan) { _ in true }
        let reading = ProbeReading(contact: contact, record: record, reference: nil)
        var experiment = Experiment(.transfer, changed: "")
        (experiment.probe, experiment.contact) = (plan, contact)
        let done = DiagnosisEngine.Done(
            experiment: experiment,
            why: .noted,
            result: ExperimentResult(),
            outcome: .midReset,
            findings: reading.findings + [.serverEnded(contact, .midReset, end)],
            isDiscarded: false,
            belief: []
        )
        let found = ForeignContentEnd(done, reading, tolerates: [])
        #expect(found.map { $0.isOfService ? "of the service" : "open" } ?? "counts" == expected)
        // What arrived of it has passed the way.
        guard found?.isOfService == true else { return }
        var carried = contact
        carried.bytes = 90_000
        #expect(found?.known == [.outcome(carried, .ok)])
    }
}
