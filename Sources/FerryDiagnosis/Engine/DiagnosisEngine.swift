public import FerryCore
public import FerryEvidence

/// Diagnoses: takes evidence, chooses experiments, says what it believes. Pure: it has no clock and no socket, so that the lab,
/// recorded incidents and tests drive the same code.
public struct DiagnosisEngine: Sendable {
    /// The site as the tier shows it.
    public private(set) var view: SiteView
    /// The situation.
    public private(set) var scene: Scene
    /// What is believed.
    public private(set) var belief = Belief()
    /// What was done, in order.
    public private(set) var done: [Done] = []
    /// What can be told of evidence that was there before.
    public internal(set) var notes: [Note] = []

    /// An experiment that was made.
    public struct Done: Sendable {
        /// It.
        public var experiment: Experiment
        /// Why it was chosen.
        public var why: String
        /// What came of it.
        public var result: ExperimentResult
        /// What the connection in question came to.
        public var outcome: ProbeOutcome?
        /// What was found.
        public var findings: [Finding]
        /// Whether it was thrown away because its controls disagreed.
        public var isDiscarded: Bool
        /// Remedies and their probabilities afterwards, the likeliest first.
        public var belief: [(remedy: Remedy, share: Double)]
    }

    /// Evidence that was there before anybody asked.
    public struct Note: Sendable {
        /// `history`, `provider-record`, `monitor`.
        public var kind: String
        /// A sentence.
        public var says: String
        /// What it is about.
        public var arguments: [String]
        /// What was found.
        public var findings: [Finding]
    }

    var guards: Guards
    let strategy: Strategy
    private var random: UInt64
    private(set) var references: [String: Double] = [:]
    private var talked: Set<Contact.SourceIdentity> = []
    private var isBaselineKnown = false
    private var pending: HistoryReading?
    /// When the budget ends, in seconds of the diagnosis' clock.
    public let ends: Double

    /// A diagnosis of `site`.
    /// - Parameters:
    ///   - tier: the privilege tier, 0 to 3.
    ///   - timeScale: what waits are multiplied by.
    ///   - seed: of the order in which `random` asks.
    public init(_ site: Site, tier: Int, timeScale: Double, strategy: Strategy = .gain, seed: UInt64 = 1) {
        view = SiteView(site, tier: tier)
        scene = Scene()
        scene.timeScale = timeScale
        guards = Guards(timeScale: timeScale)
        self.strategy = strategy
        random = seed
        ends = max(15, site.budget.minutes * 60 * timeScale)
    }

    // MARK: evidence that is there

    /// Takes the mover's event log into account.
    /// - Parameter now: the time at which the diagnosis began.
    public mutating func take(history events: [MoverEvent], now: UTCTime) {
        let reading = HistoryReading(view: view, events: events, now: now, minute: scene.minute)
        view.failingPort = reading.failingPort
        scene.lastFailure = reading.lastFailure
        pending = reading
        notes.append(reading.note)
    }

    /// What the mover's connections came to is judged once hosts have told how many of them stand.
    private mutating func judgeHistory() {
        guard let reading = pending else { return }
        pending = nil
        guard reading.hasFailed else {
            if reading.count >= 1 { belief.take(.nothingHasFailed(true), in: scene) }
            return
        }
        belief.take(.nothingHasFailed(false), in: scene)
        if reading.hasManyAtOnce { scene.hasManyConnections = true }
        scene.failingIdle = reading.failingIdle
        scene.failingBytes = reading.failingBytes
        scene.failingAge = reading.failingAge
        if reading.talked { talked.insert(.failing) }
        var findings: [Finding] = []
        for (contact, outcome) in reading.outcomes {
            let finding = Finding.outcome(contact, outcome)
            belief.take(finding, in: scene, weight: LikelihoodTable.historyWeight)
            findings.append(finding)
        }
        let onset = Finding.onset(reading.onset)
        belief.take(onset, in: scene)
        findings.append(onset)
        if let index = notes.firstIndex(where: { $0.kind == "history" }) { notes[index].findings = findings }
    }

    /// Takes the provider's records into account.
    public mutating func take(records: ProviderRecords, now: UTCTime) {
        let known = Set(view.site.sourceAddresses.map(\.address).filter { _ in false })
        let finding = records.finding(
            sources: known,
            host: view.site.suspect.host,
            port: view.site.suspect.port,
            now: now
        )
        belief.take(.providerRecord(finding), in: scene)
        notes.append(
            Note(
                kind: "provider-record",
                says: FindingText.sentence(.providerRecord(finding)),
                arguments: [finding.rawValue],
                findings: [.providerRecord(finding)]
            )
        )
    }

    /// Takes the uplink's monitor into account.
    public mutating func take(uplink readings: UplinkReadings, now: UTCTime) {
        let capacity = view.site.uplink?.bitsPerSecond.map { Double($0) }
        guard let isFull = readings.isFull(capacity: capacity, now: now) else { return }
        belief.take(.uplinkIsFull(isFull), in: scene)
        notes.append(
            Note(
                kind: "monitor",
                says: FindingText.sentence(.uplinkIsFull(isFull)),
                arguments: ["\(isFull)"],
                findings: [.uplinkIsFull(isFull)]
            )
        )
    }

    // MARK: the loop

    /// What to do next.
    /// - Parameter now: seconds since the diagnosis began.
    public mutating func next(at now: Double) -> Step {
        if done.isEmpty, let look = look() { return .run(look, why: "hosts tell of themselves for nothing") }
        judgeHistory()
        if now >= ends { return .stop(why: "the budget of \(view.site.budget.minutes) min is used up") }
        let remedies = belief.shares(\.remedy)
        let isSettled = (remedies.first?.share ?? 0) >= 0.95 && (remedies.dropFirst().first?.share ?? 0) <= 0.03
        let candidates = affordable(now)
        guard let choice = strategy == .gain ? best(candidates, now) : inOrder(candidates) else {
            return .stop(why: "nothing that is granted would tell more")
        }
        if strategy == .gain, isBaselineKnown {
            if isSettled, choice.detail < 0.04 || settledSince >= 3 {
                return .stop(why: "the remedy is certain enough, and what is left open does not change it")
            }
            if choice.gain < 0.004, choice.detail < 0.04 {
                return .stop(why: "nothing that is granted would tell more")
            }
        }
        let wait = wait(for: choice.experiment, now)
        if wait > 0 {
            return .wait(wait, why: "the suspect is left alone, so that asking does not keep a block alive")
        }
        var experiment = choice.experiment
        experiment.id = "E" + (done.count < 10 ? "0" : "") + "\(done.count)"
        return .run(equipped(experiment), why: reason(choice))
    }

    /// How many experiments were made since the remedy was certain.
    private var settledSince: Int {
        done.reversed().prefix { ($0.belief.first?.share ?? 0) >= 0.95 }.count
    }

    private func reason(_ choice: ExperimentChoice.Scored) -> String {
        if !isBaselineKnown { return "what fails has to be seen failing before anything is compared with it" }
        let leaders = belief.shares { $0.causes.map(\.rawValue).joined(separator: "+") }.prefix(3)
        let names = leaders.map { "\($0.key) \(Int(($0.share * 100).rounded())) %" }.joined(separator: ", ")
        return "it is expected to part most of \(names)"
    }

    private func look() -> Experiment? {
        var look = Experiment(.look, changed: "nothing: hosts are asked about themselves")
        look.hosts = hosts()
        look.id = "E00"
        return look.hosts.isEmpty ? nil : look
    }

    private func hosts() -> [HostPlan] {
        let suspect = view.site.suspect
        var plans: [HostPlan] = []
        if let failing = view.site.vantages.first {
            plans.append(
                HostPlan(
                    id: "",
                    vantage: failing.name,
                    ownPorts: [],
                    peers: ["\(suspect.host):\(suspect.port)", suspect.host]
                )
            )
        }
        for vantage in view.vantages(at: .service) {
            plans.append(
                HostPlan(
                    id: "",
                    vantage: vantage.name,
                    ownPorts: [suspect.port],
                    peers: Array(translatedAddresses.sorted().prefix(4))
                )
            )
        }
        return plans
    }

    /// The failing source's public addresses, as they were seen.
    public private(set) var translatedAddresses: Set<String> = []

    private func affordable(_ now: Double) -> [Experiment] {
        let catalogue = ExperimentCatalogue(view: view, scene: scene)
        let standing = belief.shares(\.cause).filter {
            [.antiAbuseBlock, .sourceAddressBlock, .hostBan].contains($0.key)
        }.reduce(0) { $0 + $1.share }
        return catalogue.candidates().compactMap { candidate in
            guard var contact = candidate.contact else { return nil }
            contact.isFresh = !talked.contains(contact.source)
            var candidate = candidate
            candidate.contact = contact
            let times = done.filter { $0.experiment.signature == candidate.signature && !$0.isDiscarded }.count
            if times >= (candidate.kind == .baseline ? 3 : 2) { return nil }
            if contact.vantage == 0, contact.isSuspectKey, guards.suspectConnects >= view.site.budget.suspectConnects {
                return nil
            }
            // What does not come about carries nothing.
            if contact.bytes > 0, let last = lastPlain(contact), !last.worked, last != .notSent { return nil }
            // Nothing heavy towards something that may be blocked by a policy.
            let isHeavy = [.transfer, .rate, .concurrency, .idle, .segmentSize].contains(candidate.kind)
            if isHeavy, standing > 0.3, contact.vantage == 0, contact.isSuspectKey { return nil }
            let wait = self.wait(for: candidate, now)
            if now + wait + (candidate.probe?.idleSeconds ?? 0) + 2 > ends { return nil }
            if strategy == .gain, !isBaselineKnown, candidate.kind != .baseline { return nil }
            return candidate
        }
    }

    /// What the last connection by the same way without content came to; nil if none was made.
    private func lastPlain(_ contact: Contact) -> ProbeOutcome? {
        done.last { done in
            guard let other = done.experiment.contact, !done.isDiscarded, other.bytes == 0 else { return false }
            return other.vantage == contact.vantage && other.source == contact.source
                && other.destination == contact.destination && other.port == contact.port
                && other.repeatsFailingPort == contact.repeatsFailingPort
        }?.outcome
    }

    private func best(_ candidates: [Experiment], _ now: Double) -> ExperimentChoice.Scored? {
        let choice = ExperimentChoice(belief)
        let block = belief.shares(\.cause).filter { [.antiAbuseBlock, .hostBan].contains($0.key) }.reduce(0) {
            $0 + $1.share
        }
        var best: ExperimentChoice.Scored?
        for candidate in candidates {
            guard let contact = candidate.contact else { continue }
            let wait = self.wait(for: candidate, now)
            var scene = scene
            scene.silence = silence(contact, now) + wait
            var gain = choice.gain(candidate, in: scene, watched: watched(contact))
            let times = done.filter { $0.experiment.signature == candidate.signature && !$0.isDiscarded }.count
            if times > 0 { gain = (gain.remedy * 0.4, gain.detail * 0.3) }
            let harm = contact.vantage == 0 && contact.isSuspectKey ? block : 0
            let score =
                (gain.remedy + ExperimentChoice.detailShare * gain.detail)
                / (candidate.cost + 0.35 * wait / scene.minute + harm)
            if best.map({ score > $0.score }) ?? true {
                best = ExperimentChoice.Scored(
                    experiment: candidate,
                    gain: gain.remedy,
                    detail: gain.detail,
                    score: score
                )
            }
        }
        return best
    }

    /// Seconds until `experiment` may be made.
    private func wait(for experiment: Experiment, _ now: Double) -> Double {
        guard let contact = experiment.contact else { return 0 }
        return max(
            guards.wait(for: contact, now: now),
            experiment.silence > 0 ? experiment.silence - silence(contact, now) : 0
        )
    }

    private mutating func inOrder(_ candidates: [Experiment]) -> ExperimentChoice.Scored? {
        let fresh = candidates.filter { candidate in !done.contains { $0.experiment.signature == candidate.signature } }
        guard !fresh.isEmpty else { return nil }
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let pick = strategy == .battery ? 0 : Int(random >> 33) % fresh.count
        return ExperimentChoice.Scored(experiment: fresh[pick], gain: 1, detail: 1, score: 1)
    }

    private func silence(_ contact: Contact, _ now: Double) -> Double {
        if let silence = guards.silence(of: contact, now: now) { return silence }
        guard contact.source == .failing, let last = scene.lastFailure else { return 0 }
        return now - last
    }

    private func watched(_ contact: Contact) -> [Site.Position] {
        guard view.tier >= 2, contact.destination == .suspectHost else { return [] }
        var positions: [Site.Position] = []
        if contact.position < .sourceEgress, !view.vantages(at: .sourceEgress).isEmpty {
            positions.append(.sourceEgress)
        }
        if !view.vantages(at: .service).isEmpty, contact.position != .service { positions.append(.service) }
        return positions
    }

    /// `experiment` with who watches it, and hosts.
    private func equipped(_ experiment: Experiment) -> Experiment {
        guard let contact = experiment.contact, let plan = experiment.probe else { return experiment }
        var experiment = experiment
        for position in watched(contact) {
            for vantage in view.vantages(at: position).prefix(1) {
                experiment.watches.append(
                    WatchPlan(
                        id: "",
                        vantage: vantage.name,
                        host: plan.host,
                        ports: [plan.port],
                        limitSeconds: plan.limitSeconds + 5
                    )
                )
            }
        }
        if contact.isSuspectKey, contact.vantage == 0 { experiment.hosts = hosts() }
        return experiment
    }

    /// An experiment that was made by `plan`, though this engine would not have chosen it.
    func experiment(_ kind: Experiment.Kind, _ plan: ProbePlan?) -> Experiment {
        var experiment = Experiment(kind, changed: "as it was noted")
        experiment.id = "E" + (done.count < 10 ? "0" : "") + "\(done.count)"
        experiment.probe = plan
        experiment.contact = plan.map { plan in
            var contact = view.contact(plan)
            contact.isFresh = !talked.contains(contact.source)
            return contact
        }
        return experiment
    }

    // MARK: what came of it

    /// Takes what came of an experiment into account.
    public mutating func take(_ result: ExperimentResult, of experiment: Experiment, why: String, at now: Double) {
        var done = Done(
            experiment: experiment,
            why: why,
            result: result,
            outcome: nil,
            findings: [],
            isDiscarded: false,
            belief: []
        )
        for control in [result.before, result.after].compactMap({ $0 }) where control.vantageProblem == nil {
            noteReference(control)
        }
        if let record = result.probe, record.vantageProblem == nil, var contact = experiment.contact {
            contact.isFresh = experiment.contact?.isFresh ?? false
            let controls = [result.before, result.after].compactMap { $0 }.filter { $0.vantageProblem == nil }
            done.isDiscarded = controls.count == 2 && controls[0].outcome.worked != controls[1].outcome.worked
            var scene = scene
            scene.silence = silence(contact, now)
            scene.hasRecovered = self.scene.hasRecovered && contact.source == .failing
            let reading = ProbeReading(contact: contact, record: record, reference: references[referenceKey(record)])
            let outcome = reading.outcome
            done.outcome = outcome
            noteReference(record)
            guards.note(
                contact,
                at: now,
                wasKilled: record.closedBy == .peer && !outcome.worked,
                requests: record.plan.concurrency ?? 1
            )
            talked.insert(contact.source)
            if !done.isDiscarded {
                done.findings = reading.findings + controlFindings(controls, result)
                for watch in result.watches {
                    guard let vantage = view.site.vantages.first(where: { $0.name == watch.plan.vantage }) else {
                        continue
                    }
                    let seen = WatchReading(
                        contact: contact,
                        record: record,
                        outcome: outcome,
                        watch: watch,
                        position: vantage.position
                    )
                    done.findings += seen.findings
                    if contact.source == .failing, let translated = seen.translated?.split(separator: ":").first {
                        translatedAddresses.insert(String(translated))
                    }
                }
            }
            if controls.count == 2 { done.findings.append(.controlsDisagree(done.isDiscarded)) }
            for finding in done.findings { belief.take(finding, in: scene) }
            if contact.isSuspectKey, contact.source == .failing {
                isBaselineKnown = true
                if outcome.worked, self.scene.lastFailure != nil || hasSeenFailure, contact.bytes == 0 {
                    self.scene.hasRecovered = true
                }
            }
        } else if experiment.kind == .baseline {
            isBaselineKnown = true
        }
        for finding in HostReading(view: view, before: result.hostsBefore, after: result.hostsAfter).findings {
            if case .many(let hasMany) = finding {
                scene.hasManyConnections = hasMany
            } else if case .finding(let finding) = finding {
                belief.take(finding, in: scene)
                done.findings.append(finding)
            }
        }
        done.belief = Array(belief.shares(\.remedy).prefix(4)).map { ($0.key, $0.share) }
        self.done.append(done)
    }

    private var hasSeenFailure: Bool { done.contains { $0.outcome.map { !$0.worked } ?? false } }

    /// Controls are connections, too.
    private func controlFindings(_ controls: [ProbeRecord], _ result: ExperimentResult) -> [Finding] {
        guard let control = controls.last else { return [] }
        var contact = view.contact(control.plan)
        contact.isFresh = false
        return [
            .outcome(
                contact,
                ProbeReading(contact: contact, record: control, reference: references[referenceKey(control)]).outcome
            )
        ]
    }

    /// Round trips belong to a vantage and a host.
    private func referenceKey(_ record: ProbeRecord) -> String { "\(record.plan.vantage) \(record.plan.host)" }

    private mutating func noteReference(_ record: ProbeRecord) {
        guard record.outcome.worked, record.plan.port != view.site.suspect.port else { return }
        let time = record.handshake?.roundTripSeconds ?? (record.outcome == .lateConnect ? nil : record.connectSeconds)
        guard let time else { return }
        let key = referenceKey(record)
        references[key] = min(references[key] ?? time, time)
    }
}
