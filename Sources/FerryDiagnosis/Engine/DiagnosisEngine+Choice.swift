internal import FerryAddress
internal import FerryCore
internal import FerryEvidence

extension DiagnosisEngine {
    /// What to do next.
    /// - Parameter now: seconds since the diagnosis began.
    public mutating func next(at now: Double) -> Step {
        if done.isEmpty, let look = look() { return .run(look, why: .hosts) }
        judgeStandingEvidence()
        if !isBaselineKnown, unreachable.contains(view.failing) {
            return .stop(
                why:
                    "the vantage \(view.failing), where it fails, cannot be asked any more, and has not seen the suspect: start `ferry-agent vantage` there again, and go on with --continue"
            )
        }
        if now >= ends { return .stop(why: "the budget of \(view.site.budget.minutes) min is used up") }
        let remedies = belief.shares(\.remedy)
        let isSettled = (remedies.first?.share ?? 0) >= 0.95 && (remedies.dropFirst().first?.share ?? 0) <= 0.03
        let (candidates, later) = affordable(now)
        guard let choice = strategy == .gain ? best(candidates, now) : inOrder(candidates) else {
            return rateLook(now) ?? nothingMore(later, now)
        }
        if strategy == .gain, isBaselineKnown {
            if isSettled, choice.detail < 0.04 || settledSince >= 3 {
                if let step = secondLook(now) ?? contrastLook(candidates, now) ?? widerLook(candidates, now)
                    ?? rateLook(now) ?? ladderLook(now)
                {
                    return step
                }
                return .stop(why: "the remedy is certain enough, and what is left open does not change it")
            }
            if choice.gain < 0.004, choice.detail < 0.04 { return rateLook(now) ?? nothingMore(later, now) }
        }
        let wait = wait(for: choice.experiment, now)
        return step(choice.experiment, after: wait, why: reason(for: choice.experiment), at: now)
    }

    /// `experiment`, or what of its wait is left.
    private func step(_ experiment: Experiment, after wait: Double, why: Reason, at now: Double) -> Step {
        if wait > 0 {
            return .wait(wait, why: "the suspect is left alone, so that asking does not keep a block alive")
        }
        var experiment = equipped(experiment)
        experiment.id = nextID
        // One that is begun late has no more time than the budget and a little; what moves slowly is slow by then, too.
        if let limit = experiment.probe?.limitSeconds {
            experiment.probe?.limitSeconds = min(limit, max(6, ends - now + 4))
        }
        return .run(experiment, why: why)
    }

    /// The name of the next experiment.
    var nextID: String {
        let number = done.count + confirmations
        return "E" + (number < 10 ? "0" : "") + "\(number)"
    }

    /// One silent connection may have met one bad member of several: before a fault of all is concluded, the suspect is tried
    /// from another local port.
    private func secondLook(_ now: Double) -> Step? {
        let looks = done.filter { done in
            guard let contact = done.experiment.contact else { return false }
            return contact.vantage == 0 && contact.source == .failing && contact.isSuspectKey && contact.bytes == 0
        }
        guard looks.count == 1, let look = looks.first, !look.isDiscarded, let leader = belief.likeliest(),
            (look.outcome == .synTimeout && leader.mechanism == .drop)
                || (look.outcome == .connectSilence && leader.mechanism == .silence),
            !leader.selector.contains(.sourcePort),
            guards.suspectConnects < view.site.budget.suspectConnects,
            let port = look.result.probe?.source.flatMap({ IPEndpoint(parsing: $0) })?.port,
            var experiment = ExperimentCatalogue(view: view, scene: scene).beside(port)
        else { return nil }
        experiment.contact?.isFresh = false
        let wait = wait(for: experiment, now)
        return now + wait + 2 <= ends ? step(experiment, after: wait, why: .secondLook, at: now) : nil
    }

    /// A cloud is not asked to lift a block of the source before the same source has called another cloud at the same port, or the
    /// suspect was called by another address: what stands before the cloud may do the same.
    func contrastLook(_ candidates: [Experiment], _ now: Double) -> Step? {
        guard let leader = belief.likeliest(), leader.remedy == .askCloudToAllowlist,
            leader.selector.contains(.sourceAddress),
            !notes.contains(where: { $0.findings.contains(.providerRecord(.blocksKey)) }),
            !done.contains(where: isContrast),
            let experiment = candidates.filter({ isContrast($0.contact) }).min(by: {
                // What spends no connection to the suspect comes first.
                ($0.contact?.isSuspectKey == true ? 1 : 0, $0.cost) < (
                    $1.contact?.isSuspectKey == true ? 1 : 0, $1.cost
                )
            })
        else { return nil }
        let wait = wait(for: experiment, now)
        return now + wait + 2 <= ends ? step(experiment, after: wait, why: reason(for: experiment), at: now) : nil
    }

    /// Whether it was one, as far as is known by now of who leaves by which address.
    private func isContrast(_ done: Done) -> Bool {
        guard !done.isDiscarded, let outcome = done.outcome, outcome != .notSent, let plan = done.result.probe?.plan
        else { return false }
        return isContrast(view.contact(plan))
    }

    private func isContrast(_ contact: Contact?) -> Bool {
        guard let contact, contact.port == .suspect, contact.bytes == 0 else { return false }
        if case .otherCloud = contact.destination { return contact.vantage == 0 && contact.source == .failing }
        return contact.isSuspectKey && contact.source != .failing && contact.position <= .sourceEgress
    }

    /// Loss and limits of rate look the same wherever behind the site they are: before one is concluded, the same content is
    /// sent to another destination, if the site declares one.
    private func widerLook(_ candidates: [Experiment], _ now: Double) -> Step? {
        guard let leader = belief.likeliest(), [.loss, .rate].contains(leader.mechanism), leader.locus > .sourceEgress,
            !done.contains(where: { !$0.isDiscarded && isWide($0.experiment) }),
            let experiment = candidates.first(where: isWide)
        else { return nil }
        return step(experiment, after: wait(for: experiment, now), why: .widerLook, at: now)
    }

    /// Whoever is to send more slowly wants to know how slowly.
    private func rateLook(_ now: Double) -> Step? {
        guard let leader = belief.likeliest(), leader.remedy == .reduceRate || leader.mechanism == .rate,
            let plan = RateLook(done: done).next, let rate = plan.payload?.bitsPerSecond
        else { return nil }
        let catalogue = ExperimentCatalogue(view: view, scene: scene)
        let port = plan.port == view.site.suspect.port ? "" : " to port \(plan.port)"
        let changed = "the rate: \(BitRate(bitsPerSecond: UInt64(rate)))\(port)"
        let experiment = catalogue.experiment(.rate, changed, plan, cost: 1)
        let wait = wait(for: experiment, now)
        guard isPermitted(experiment, isBlockedByPolicy), now + wait + plan.limitSeconds <= ends else { return nil }
        return step(experiment, after: wait, why: .rateLook, at: now)
    }

    private func isWide(_ experiment: Experiment) -> Bool {
        guard let contact = experiment.contact, contact.isBulk, contact.vantage == 0 else { return false }
        if case .otherCloud = contact.destination { return true }
        return false
    }

    /// How many experiments were made since the remedy was certain.
    private var settledSince: Int {
        let since = done.reversed().prefix { ($0.belief.first?.share ?? 0) >= 0.95 }
        // What a vantage did not do was no experiment.
        return since.count { $0.result.probe?.vantageProblem == nil }
    }

    private func reason(for experiment: Experiment) -> Reason {
        if !isBaselineKnown { return .baseline }
        let leaders = belief.shares { $0.causes.map(\.rawValue).joined(separator: "+") }.prefix(3)
        var reason = Reason.parts(leaders.map { ($0.key, $0.share) })
        (reason.againstIfWell, reason.againstIfNot) = outlook(experiment)
        return reason
    }

    /// What the connection would speak against if it goes well, and if it does not.
    private func outlook(_ experiment: Experiment) -> (well: [String], not: [String]) {
        guard let contact = experiment.contact else { return ([], []) }
        var members: [Cause: (share: Double, well: Double)] = [:]
        for (hypothesis, probability) in belief.leading(floor: 1e-3) {
            let outcomes = ContactModel.outcomes(hypothesis, contact, scene)
            let well = ProbeOutcome.allCases.filter { contact.isBulk ? $0 == .ok : $0.worked }
                .reduce(0) { $0 + outcomes[$1] }
            let known = members[hypothesis.cause, default: (0, 0)]
            members[hypothesis.cause] = (known.share + probability, known.well + probability * well)
        }
        let open = members.filter { $0.value.share >= 0.02 && $0.key != .unmodelled }
            .sorted { ($0.value.share, $1.key.rawValue) > ($1.value.share, $0.key.rawValue) }
        func names(_ isAgainst: (Double) -> Bool) -> [String] {
            Array(open.filter { isAgainst($0.value.well / $0.value.share) }.prefix(4).map(\.key.rawValue))
        }
        return (names { $0 < 0.2 }, names { $0 > 0.8 })
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
        if let failing = view.site.vantages.first, !unreachable.contains(failing.name) {
            plans.append(
                HostPlan(
                    id: "",
                    vantage: failing.name,
                    ownPorts: [],
                    peers: [suspect.place, suspect.host]
                )
            )
        }
        for vantage in view.vantages(at: .service) where !unreachable.contains(vantage.name) {
            plans.append(
                HostPlan(
                    id: "",
                    vantage: vantage.name,
                    ownPorts: [suspect.port],
                    peers: Array(leavingAddresses.sorted().prefix(4))
                )
            )
        }
        return plans
    }

    /// Nothing that may be made in time is worth it; what would be worth it later is told.
    private func nothingMore(_ later: [Experiment], _ now: Double) -> Step {
        guard let choice = best(later, now), !isBaselineKnown || choice.gain >= 0.004 || choice.detail >= 0.04 else {
            let idle = view.site.vantages.map(\.name).filter { !unreachable.contains($0) && isFailing($0) }
            guard !idle.isEmpty else { return .stop(why: "nothing that is granted would tell more") }
            return .stop(
                why:
                    "nothing that is granted would tell more, while \(idle.joined(separator: ", ")) \(idle.count == 1 ? "does" : "do") not do what is asked: put that right and go on with --continue"
            )
        }
        let wait = Int(wait(for: choice.experiment, now).rounded(.up))
        return .stop(
            why:
                "what would tell more has to wait for another \(wait) s, so that asking does not keep a block alive, and the budget of \(view.site.budget.minutes) min\(scene.timeScale == 1 ? "" : ", scaled by \(scene.timeScale),") ends before: give it more minutes"
        )
    }

    /// What may be made within the budget, and what its waits do not leave time for.
    private func affordable(_ now: Double) -> (candidates: [Experiment], later: [Experiment]) {
        var later: [Experiment] = []
        let catalogue = ExperimentCatalogue(view: view, scene: scene)
        let isBlockedByPolicy = isBlockedByPolicy
        // The same again tells little; once a remedy is clear, that is not worth minutes.
        let isClear = (belief.shares(\.remedy).first?.share ?? 0) >= Equivalence.clear
        let candidates = catalogue.candidates().compactMap { candidate -> Experiment? in
            guard var contact = candidate.contact else { return nil }
            contact.isFresh = !talked.contains(contact.source)
            var candidate = candidate
            candidate.contact = contact
            guard isPermitted(candidate, isBlockedByPolicy) else { return nil }
            let wait = self.wait(for: candidate, now)
            if strategy == .gain, !isBaselineKnown, candidate.kind != .baseline { return nil }
            if strategy == .gain, isClear, wait > 1.5 * scene.minute, isRepeat(candidate) { return nil }
            if now + wait + (candidate.probe?.idleSeconds ?? 0) + 2 > ends {
                if wait > 0 { later.append(candidate) }
                return nil
            }
            return candidate
        }
        return (candidates, later)
    }

    private func isRepeat(_ candidate: Experiment) -> Bool {
        done.contains { $0.experiment.signature == candidate.signature && !$0.isDiscarded }
    }

    /// Whether the guards, the budget and what was seen let `candidate` be made, whenever that is.
    private func isPermitted(_ candidate: Experiment, _ isBlockedByPolicy: Bool) -> Bool {
        guard let contact = candidate.contact, let plan = candidate.probe, !unreachable.contains(plan.vantage) else {
            return false
        }
        if isFailing(plan.vantage) { return false }
        // A resolver may fail once; a name that was not found twice is not there a minute later either.
        if ledNowhere[plan.vantage, default: 0] >= 2, view.destination(plan.host) == .suspectHost { return false }
        let same = done.filter { $0.experiment.signature == candidate.signature }
        let times = same.filter { !$0.isDiscarded }.count
        // What its controls go on contradicting tells nothing, however often.
        if times >= (candidate.kind == .baseline ? 3 : 2) || same.count >= 4 { return false }
        if same.contains(where: \.isLeftOpen) { return false }
        if contact.vantage == 0, contact.isSuspectKey, guards.suspectConnects >= view.site.budget.suspectConnects {
            return false
        }
        // Who answers before it has all goes on doing so.
        if contact.isBulk, scene.takesLittle.contains(plan.place) { return false }
        // What does not come about carries nothing.
        if contact.bytes > 0 || contact.concurrency > 1, scene.hasOnlyFailed(contact.end) { return false }
        if contact.bytes > 0, let last = lastPlain(contact), !last.worked, last != .notSent { return false }
        guard isBlockedByPolicy, contact.source.sharesFailing > 0 else { return true }
        // Nothing heavy towards what may be blocked by a policy, and nothing that fills a line or comes in bursts towards anybody.
        let isHeavy = [.transfer, .rate, .concurrency, .idle, .segmentSize].contains(candidate.kind)
        let isBurst = contact.concurrency > 1 || contact.isBulk && contact.rate == nil
        return !(isHeavy && contact.destination == .suspectHost || isBurst)
    }

    /// Whether the vantage did not do what it was asked for twice in a row: it refuses, or cannot. Only its own connections tell: an
    /// address to leave by that it does not have is another matter.
    private func isFailing(_ vantage: String) -> Bool {
        // Somebody may have put it right before the diagnosis went on.
        let own = done.dropFirst(doneBeforeInterruption).compactMap(\.result.probe).filter {
            $0.plan.vantage == vantage && $0.plan.sourceAddress == nil
        }
        return own.count >= 2 && own.suffix(2).allSatisfy { $0.vantageProblem != nil }
    }

    /// Whether a block that a policy keeps is among what leads.
    var isBlockedByPolicy: Bool {
        let standing = belief.shares(\.cause).filter {
            [.antiAbuseBlock, .sourceAddressBlock, .hostBan].contains($0.key)
        }.reduce(0) { $0 + $1.share }
        return standing > 0.3
    }

    /// What the last connection by the same way without content came to; nil if none was made.
    private func lastPlain(_ contact: Contact) -> ProbeOutcome? {
        done.last { done in
            guard let other = done.experiment.contact, !done.isDiscarded, other.bytes == 0, other.concurrency == 1
            else {
                return false
            }
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

    func silence(_ contact: Contact, _ now: Double) -> Double {
        if let silence = guards.silence(of: contact, now: now) { return silence }
        guard contact.source == .failing, let last = scene.lastFailure else { return 0 }
        return now - last
    }

    /// Who watches a connection: one vantage at each position that it passes.
    private func watchers(_ contact: Contact) -> [Site.Vantage] {
        guard view.tier >= 2, contact.destination == .suspectHost else { return [] }
        var positions: [Site.Position] = []
        if contact.position < .sourceEgress { positions.append(.sourceEgress) }
        if contact.position != .service { positions.append(.service) }
        return positions.compactMap { position in
            view.vantages(at: position).first { !unreachable.contains($0.name) && !cannotWatch.contains($0.name) }
        }
    }

    /// Where it is seen. Whoever has overlooked another one watches, too, but nothing is expected of that.
    private func watched(_ contact: Contact) -> [Site.Position] {
        watchers(contact).filter { !blindWatchers.contains($0.name) }.map(\.position)
    }

    /// `experiment` with who watches it, and hosts.
    private func equipped(_ experiment: Experiment) -> Experiment {
        guard let contact = experiment.contact, let plan = experiment.probe else { return experiment }
        var experiment = experiment
        // How the control passes tells how the way treats connections, and whether the watch sees anything.
        let control = experiment.control.flatMap { $0.host == plan.host && $0.port != plan.port ? $0 : nil }
        experiment.watches = watchers(contact).map { vantage in
            WatchPlan(
                id: "",
                vantage: vantage.name,
                host: watchedHost(of: plan, at: vantage.position),
                ports: [plan.port] + [control?.port].compactMap { $0 },
                // The control is to be seen before and after.
                limitSeconds: min(plan.limitSeconds + 2 * (control?.limitSeconds ?? 0) + 5, 3600)
            )
        }
        if contact.isSuspectKey, contact.vantage == 0 { experiment.hosts = hosts() }
        return experiment
    }

    /// The address of the connection's far end as a watch at `position` sees it; empty for any, where it may be another one there:
    /// what is asked for at a public address arrives at a private one in most clouds, and a name leads anywhere until it was seen
    /// where from there.
    private func watchedHost(of plan: ProbePlan, at position: Site.Position) -> String {
        if position == .service { return "" }
        if IPAddress(parsing: plan.host) != nil { return plan.host }
        let led = ledTo[plan.vantage] ?? []
        return led.count == 1 ? led.first ?? "" : ""
    }

    /// An experiment that was made by `plan`, though this engine would not have chosen it.
    func experiment(_ kind: Experiment.Kind, _ plan: ProbePlan?, _ ladder: LadderPlan?) -> Experiment {
        var experiment = Experiment(kind, changed: "as it was noted")
        experiment.id = nextID
        experiment.probe = plan
        experiment.ladder = ladder
        experiment.contact = plan.map { plan in
            var contact = view.contact(plan)
            contact.isFresh = !talked.contains(contact.source)
            return contact
        }
        return experiment
    }
}
