import Dispatch
import FerryCore
import FerryEvidence
import Testing

@testable import FerryDiagnosis

/// What an engine makes of networks that do what its model says.
@Suite struct EngineTests {
    static let site: Site = {
        var site = Site(suspect: endpoint("203.0.113.11", 8703, .rsync))
        site.controls = [endpoint("203.0.113.11", 8080, .http)]
        site.alternatePorts = [8702]
        var region = endpoint("203.0.113.12", 8703, .rsync)
        region.relation = .sameRegion
        var cloud = endpoint("192.0.2.40", 8703, .rsync)
        cloud.relation = .otherCloud
        site.otherDestinations = [region, cloud]
        let positions: [(String, Site.Position)] = [
            ("source", .sourceHost), ("neighbour", .sourceHost), ("edge", .sourceEgress), ("elsewhere", .otherPublic),
            ("in-region", .cloudNetwork), ("staging", .service),
        ]
        site.vantages = positions.map { Site.Vantage(name: $0.0, position: $0.1, reach: "unix:/nowhere") }
        site.sourceAddresses = [
            Site.SourceAddress(address: "10.10.2.1", via: nil),
            Site.SourceAddress(address: "198.18.2.70", via: "edge"),
        ]
        site.allow = Set(Site.Permission.allCases)
        return site
    }()

    private static func endpoint(_ host: String, _ port: UInt16, _ speaks: ServiceProtocol) -> Site.Endpoint {
        var endpoint = Site.Endpoint(host: host, port: port)
        endpoint.speaks = speaks
        return endpoint
    }

    /// One after the other, and not on the threads that other tests wait for: a diagnosis computes for seconds.
    private static let queue = DispatchQueue(label: "diagnoses")

    /// Runs a diagnosis of `truth` to its end, on a clock of its own.
    static func diagnose(_ truth: Hypothesis, tier: Int, seed: UInt64, site: Site = site) async -> DiagnosisEngine {
        await diagnose(SimulatedNetwork(truth, site, tier: tier, seed: seed))
    }

    /// The same of a network that was made ready.
    static func diagnose(_ network: SimulatedNetwork) async -> DiagnosisEngine {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: diagnosed(network)) }
        }
    }

    private static func diagnosed(_ network: SimulatedNetwork) -> DiagnosisEngine {
        var engine = DiagnosisEngine(network.site, tier: network.tier, timeScale: 1)
        var network = network
        var now = 0.0
        for _ in 0..<200 {
            switch engine.next(at: now) {
            case .stop: return engine
            case .wait(let seconds, _): now += seconds
            case .run(let experiment, let why):
                if let plan = experiment.probe { engine.begins(plan, at: now) }
                engine.take(network.answer(experiment, engine.scene), of: experiment, why: why, at: now)
                now += 3
            }
        }
        return engine
    }

    static func hypothesis(_ cause: Cause, _ selector: Selector, _ mechanism: Mechanism) throws -> Hypothesis {
        try #require(
            FaultTable.hypotheses().map(\.0).first {
                $0.cause == cause && $0.selector == selector && $0.mechanism == mechanism && $0.second == nil
            }
        )
    }

    @Test func priorsSumUpToOne() {
        let sum = FaultTable.hypotheses().reduce(0) { $0 + $1.1 }
        #expect(abs(sum - 1) < 1e-9)
    }

    @Test func everyCauseHasARow() {
        #expect(Set(FaultTable.rows.map(\.cause)) == Set(Cause.allCases))
    }

    @Test func theCaseIsFoundWithFewConnectionsToTheSuspect() async throws {
        let truth = try Self.hypothesis(.antiAbuseBlock, [.sourceAddress, .destinationPort], .drop)
        for seed in UInt64(1)...3 {
            let engine = await Self.diagnose(truth, tier: 2, seed: seed)
            #expect(engine.verdict.causes.contains("anti-abuse-block"), "seed \(seed): \(engine.verdict)")
            #expect(engine.guards.suspectConnects <= 9, "seed \(seed)")
        }
    }

    @Test(arguments: [
        (Cause.firewallDrop, Selector.destinationPort, Mechanism.drop), (.carrierPortBlock, .destinationPort, .drop),
        (.securityGroup, .destinationPort, .drop), (.serviceNotListening, .destinationPort, .reset),
        (.mtuBlackHole, .size, .drop), (.payloadReset, .payload, .reset),
    ])
    func commonFaultsAreFound(cause: Cause, selector: Selector, mechanism: Mechanism) async throws {
        let truth = try Self.hypothesis(cause, selector, mechanism)
        var wrong: [String] = []
        for seed in UInt64(1)...4 {
            let verdict = await Self.diagnose(truth, tier: 2, seed: seed).verdict
            if verdict.remedy != truth.remedy.rawValue { wrong.append("seed \(seed): \(verdict.causes)") }
        }
        // The network draws its answers: now and then one is the opposite of what its fault does.
        #expect(wrong.count <= 1, "\(wrong)")
    }

    @Test func aCloudIsNotAskedToLiftABlockBeforeAnotherWasCalled() throws {
        var site = Self.site
        // Nobody but the source itself looks from its side of the block.
        site.vantages.removeAll { ["neighbour", "edge"].contains($0.name) }
        site.sourceAddresses = []
        let truth = try Self.hypothesis(.antiAbuseBlock, [.sourceAddress, .destinationPort], .silence)
        // With the seed 1 a control of the call fails, and it does not count.
        var network = SimulatedNetwork(truth, site, tier: 2, seed: 2)
        var engine = DiagnosisEngine(site, tier: 2, timeScale: 1)
        var candidates: [Experiment] { ExperimentCatalogue(view: engine.view, scene: engine.scene).candidates() }
        func contrast() -> Experiment? {
            guard case .run(let experiment, _) = engine.contrastLook(candidates, 0) else { return nil }
            return experiment
        }
        for experiment in candidates where contrast() == nil {
            guard let contact = experiment.contact, contact.bytes == 0, contact.destination != .otherCloud(1) else {
                continue
            }
            engine.take(network.answer(experiment, engine.scene), of: experiment, why: .baseline, at: 0)
        }
        #expect(engine.belief.likeliest()?.remedy == .askCloudToAllowlist)
        let call = try #require(contrast())
        #expect(call.contact?.destination == .otherCloud(1) && call.contact?.port == .suspect)
        engine.take(network.answer(call, engine.scene), of: call, why: .baseline, at: 0)
        #expect(contrast() == nil)
    }

    @Test func aFaultOfAllIsNotConcludedFromOneSilentConnection() async throws {
        let truth = try Self.hypothesis(.carrierPortBlock, .destinationPort, .drop)
        let engine = await Self.diagnose(truth, tier: 2, seed: 1)
        let ports = engine.done.filter { $0.experiment.contact?.isSuspectKey == true && $0.outcome == .synTimeout }
            .map { $0.experiment.probe?.sourcePort ?? 40_000 }
        #expect(Set(ports).count >= 2, "looked from the ports \(ports)")
        #expect(engine.verdict.remedy == truth.remedy.rawValue)
    }

    @Test func whatAControlOfAnotherProtocolSaysIsNotTheContentThatFails() {
        let view = SiteView(Self.site, tier: 2)
        func content(_ port: UInt16, _ speaks: ServiceProtocol) -> Contact.Content {
            view.contact(ProbePlan(id: "p", vantage: "source", host: "203.0.113.11", port: port, speaks: speaks))
                .content
        }
        #expect(content(8703, .rsync) == .real)
        #expect(content(8080, .http) == .random)
        #expect(content(8080, .tcp) == .none)
    }

    @Test(arguments: [ServiceProtocol.tcp, .tls, .ferry])
    func whatAServiceDoesNotUnderstandIsNotSentToIt(speaks: ServiceProtocol) {
        var site = Self.site
        site.suspect.speaks = speaks
        let all = ExperimentCatalogue(view: SiteView(site, tier: 2), scene: Scene()).candidates()
        #expect(all.contains { $0.kind == .baseline })
        for case let plan? in all.map(\.probe) where plan.host == site.suspect.host && plan.port != 8080 {
            // A hello is what TLS takes, and no more.
            guard let payload = plan.payload else { continue }
            #expect(speaks != .tcp && payload.kind == .real && payload.bytes <= 16_000, "\(plan)")
        }
    }

    @Test func suspectThatAnswersBeforeItHasAllIsSpared() {
        // As rsync's daemon does, which knows no module of that name.
        var scene = Scene()
        scene.takesLittle = ["203.0.113.11:8703"]
        var site = Self.site
        site.allow = [.rateTest]
        let all = ExperimentCatalogue(view: SiteView(site, tier: 2), scene: scene).candidates()
        let bulk = all.filter { $0.contact?.isBulk == true && $0.probe?.host == site.suspect.host }
        #expect(!bulk.isEmpty && bulk.allSatisfy { $0.probe?.port == 8080 })
        #expect(all.contains { $0.kind == .idle && $0.contact?.isSuspectKey == true })
        #expect(all.contains { $0.kind == .content && $0.contact?.isSuspectKey == true })
    }

    @Test func whereTheSuspectTakesNoContentTransfersGoToWhatWorksBesideIt() {
        var site = Self.site
        site.suspect.speaks = .ferry
        site.allow = [.rateTest]
        func transfers() -> [Experiment] {
            ExperimentCatalogue(view: SiteView(site, tier: 2), scene: Scene()).candidates().filter {
                $0.kind == .transfer && $0.probe?.host == site.suspect.host
            }
        }
        let all = transfers()
        #expect(all.count >= 2 && all.allSatisfy { $0.probe?.port == 8080 && $0.contact?.isBulk == true })
        // What clients of HTTP say is not the content that fails.
        #expect(all.allSatisfy { $0.contact?.content == .random && $0.contact?.isSuspectKey == false })
        site.controls = []
        #expect(transfers().isEmpty)
    }

    /// A site without anything but the suspect, where each connection comes to `outcome`.
    private func diagnosis(_ speaks: ServiceProtocol, _ outcome: ProbeOutcome) -> DiagnosisEngine {
        var site = Site(suspect: Site.Endpoint(host: "203.0.113.11", port: 22))
        site.suspect.speaks = speaks
        site.vantages = [Site.Vantage(name: "here", position: .sourceHost, reach: "unix:/nowhere")]
        var engine = DiagnosisEngine(site, tier: 0, timeScale: 1)
        var now = 0.0
        for _ in 0..<20 {
            guard case .run(let experiment, let why) = engine.next(at: now) else {
                now += 60
                continue
            }
            var result = ExperimentResult()
            result.probe = experiment.probe.map { ProbeRecord($0, startedAt: "2026-01-01T00:00:00Z") }
            result.probe?.outcome = outcome
            engine.take(result, of: experiment, why: why, at: now)
            now += 60
        }
        return engine
    }

    @Test func whereNothingFailsNobodyIsToBlame() {
        let well = diagnosis(.tcp, .ok)
        #expect(well.verdict.causes == ["none"] && well.verdict.level == .likely)
        let document = well.document(startedAt: .now(), endedAt: .now(), seconds: 1)
        #expect(document.ticket == nil)
        #expect(document.untestedRivals.contains { $0.why?.contains("no content was sent") ?? false })
        #expect(diagnosis(.tcp, .lateConnect).verdict.causes != ["none"])
        #expect(diagnosis(.tcp, .synTimeout).verdict.causes != ["none"])
    }

    @Test(arguments: [
        (ServiceProtocol.http, ProbeOutcome.midReset, 300, nil, ProbeOutcome.ok), (.http, .midReset, 0, nil, .midReset),
        (.rsync, .midClosed, 60, "@RSYNCD: 31.0 @ERROR: Unknown module", .ok),
        (.rsync, .midClosed, 14, "@RSYNCD: 31.0 ", .midClosed), (.tcp, .midClosed, 99, "?", .midClosed),
    ])
    func whoAnswersToContentAndThenEndsWasReached(
        speaks: ServiceProtocol,
        seen: ProbeOutcome,
        received: Int,
        text: String?,
        expected: ProbeOutcome
    ) {
        var plan = ProbePlan(id: "p", vantage: "source", host: "203.0.113.11", port: 8703, speaks: speaks)
        plan.payload = ProbePayload(.real, bytes: 8192)
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        (record.outcome, record.bytesReceived, record.text) = (seen, received, text)
        let contact = SiteView(Self.site, tier: 2).contact(plan)
        #expect(ProbeReading(contact: contact, record: record, reference: nil).outcome == expected)
    }

    @Test func aSetSaysHowLikelyEachOfItIsAndWhatItWouldTake() async throws {
        var site = Self.site
        site.vantages = [site.vantages[0], site.vantages[3]]
        site.sourceAddresses = []
        let truth = try Self.hypothesis(.antiAbuseBlock, [.sourceAddress, .destinationPort], .drop)
        let engine = await Self.diagnose(truth, tier: 0, seed: 1, site: site)
        let set = try #require(engine.document(startedAt: .now(), endedAt: .now(), seconds: 1).indistinguishable.first)
        #expect(set.probabilities?.count == set.causes.count && set.remedies?.count == set.causes.count)
        #expect((set.probabilities ?? []).reduce(0, +) <= 1.000001)
        let place = try #require(set.causes.firstIndex(of: "anti-abuse-block"))
        #expect(set.remedies?[place] == "ask-cloud-to-allowlist")
    }

    @Test func aHealthyNetworkIsNoFault() async throws {
        let truth = try Self.hypothesis(.none, [], .none)
        for seed in UInt64(1)...2 {
            let verdict = await Self.diagnose(truth, tier: 2, seed: seed).verdict
            #expect(verdict.causes.contains("none") || verdict.level == .noVerdict, "seed \(seed): \(verdict.causes)")
        }
    }

    @Test func withoutGrantsTheCaseCannotBeToldAndThatIsSaid() async throws {
        var site = Self.site
        site.vantages = [site.vantages[0], site.vantages[3]]
        site.sourceAddresses = []
        let truth = try Self.hypothesis(.antiAbuseBlock, [.sourceAddress, .destinationPort], .drop)
        let engine = await Self.diagnose(truth, tier: 0, seed: 1, site: site)
        let document = engine.document(startedAt: .now(), endedAt: .now(), seconds: 1)
        #expect(document.verdict.level == .indistinguishable)
        #expect(document.verdict.causes.contains("anti-abuse-block"))
        #expect(document.indistinguishable.first?.separatedBy?.isEmpty == false)
    }

    @Test func theSuspectIsNeverConnectedToMoreOftenThanTheBudgetAllows() async throws {
        var site = Self.site
        site.budget.suspectConnects = 2
        let truth = try Self.hypothesis(.antiAbuseBlock, [.sourceAddress, .destinationPort], .reset)
        let engine = await Self.diagnose(truth, tier: 0, seed: 4, site: site)
        #expect(engine.guards.suspectConnects <= 2)
    }

    @Test func nothingHeavyGoesToWhatMayBeBlocked() async throws {
        let truth = try Self.hypothesis(.antiAbuseBlock, [.sourceAddress, .destinationPort], .reset)
        let engine = await Self.diagnose(truth, tier: 2, seed: 2)
        let heavy = engine.done.filter { done in
            done.experiment.contact.map { $0.isSuspectKey && $0.vantage == 0 && $0.isBulk } ?? false
        }
        #expect(heavy.isEmpty)
    }

    @Test func anUnreachableVantageIsNoEvidenceAboutTheSuspect() {
        var engine = DiagnosisEngine(Self.site, tier: 2, timeScale: 1)
        guard case .run(let look, _) = engine.next(at: 0) else { return }
        engine.take(ExperimentResult(), of: look, why: .hosts, at: 0)
        guard case .run(let experiment, let why) = engine.next(at: 1), let plan = experiment.probe else { return }
        let before = engine.belief.probabilities
        var result = ExperimentResult()
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        record.outcome = .synTimeout
        record.vantageProblem = "it died"
        result.probe = record
        engine.take(result, of: experiment, why: why, at: 1)
        #expect(engine.belief.probabilities == before)
    }

    @Test func whatItsControlsContradictIsThrownAway() throws {
        var engine = DiagnosisEngine(Self.site, tier: 0, timeScale: 1)
        guard case .run(let look, _) = engine.next(at: 0) else { return }
        engine.take(ExperimentResult(), of: look, why: .hosts, at: 0)
        guard case .run(let experiment, let why) = engine.next(at: 1), let plan = experiment.probe,
            let control = experiment.control
        else { return }
        var result = ExperimentResult()
        var first = ProbeRecord(control, startedAt: "2026-01-01T00:00:00Z")
        first.outcome = .ok
        var last = first
        last.outcome = .synTimeout
        var record = ProbeRecord(plan, startedAt: "2026-01-01T00:00:00Z")
        record.outcome = .synTimeout
        (result.before, result.probe, result.after) = (first, record, last)
        engine.take(result, of: experiment, why: why, at: 1)
        #expect(engine.done.last?.isDiscarded == true)
        // That they disagree is all that is learned of it.
        #expect(engine.done.last?.findings == [.controlsDisagree(true)])
    }
}
