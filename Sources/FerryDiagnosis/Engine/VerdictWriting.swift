public import FerryCore
public import FerryEvidence

extension DiagnosisEngine {
    /// The answer, as far as it is known now.
    /// - Parameters:
    ///   - startedAt: when the diagnosis began.
    ///   - endedAt: when it ended.
    ///   - seconds: how long it took, interruptions included.
    public func document(startedAt: UTCTime, endedAt: UTCTime, seconds: Double) -> DiagnosisDocument {
        let verdict = verdict
        var document = DiagnosisDocument(tier: usedTier, verdict: verdict)
        document.startedAt = "\(startedAt)"
        document.endedAt = "\(endedAt)"
        document.hypothesisSet = HypothesisSet.version
        document.alternatives = alternatives(beside: verdict)
        if verdict.level == .indistinguishable, let set = equivalence {
            var written = DiagnosisDocument.IndistinguishableSet(
                causes: verdict.causes,
                separatedBy: separators(of: verdict)
            )
            written.probabilities = set.shares.map { ($0 * 1e6).rounded() / 1e6 }
            written.remedies = set.causes.map { cause in
                (belief.likeliest { $0.cause == cause && $0.second == nil }?.remedy ?? .collectMoreEvidence).rawValue
            }
            document.indistinguishable = [written]
        }
        document.rate = rate(for: verdict)
        document.untestedRivals = untestedRivals
        document.evidence = evidence
        document.experiments = done.map(experiment)
        document.probes = done.flatMap { [$0.result.before, $0.result.probe, $0.result.after].compactMap { $0 } }
            .map { DiagnosisDocument.Probe($0) }
        document.ladders = done.compactMap(\.result.ladder)
        document.cost = DiagnosisDocument.Cost(
            suspectConnects: guards.suspectConnects,
            seconds: max(0, seconds - secondsInterrupted),
            bytes: done.flatMap { [$0.result.before, $0.result.probe, $0.result.after].compactMap { $0 } }
                .reduce(0) { sum, record in
                    // A vantage's numbers are a stranger's.
                    let both =
                        record.bytesSent.clamped(to: 0...(1 << 48)) + record.bytesReceived.clamped(to: 0...(1 << 48))
                    return min(1 << 60, sum + both)
                }
        )
        document.ticket = TicketText(engine: self, verdict: verdict, at: endedAt).ticket
        return document
    }

    /// The privilege tier of what there was, which may be less than what was allowed.
    private var usedTier: Int {
        if view.tier >= 3, notes.contains(where: { $0.kind == "provider-record" }) { return 3 }
        let cloud = view.vantages(at: .service) + view.vantages(at: .cloudNetwork)
        if view.tier >= 2, cloud.contains(where: { !unreachable.contains($0.name) }) { return 2 }
        if notes.contains(where: { $0.kind == "capture" }) { return min(1, view.tier) }
        let hasCaptured = done.contains { done in
            guard let probe = done.result.probe else { return false }
            return probe.handshake != nil || probe.plan.captures == true && probe.vantageProblem == nil
        }
        return hasCaptured ? min(1, view.tier) : 0
    }

    /// What would part the causes of a set.
    func separators(of verdict: DiagnosisDocument.Verdict) -> String {
        let members = verdict.causes.compactMap(Cause.init(rawValue:)).compactMap { cause in
            belief.likeliest { $0.cause == cause && $0.second == nil }
        }
        return Separator(view: view, members: members).text
    }

    var verdict: DiagnosisDocument.Verdict {
        let remedies = belief.shares(\.remedy)
        guard let top = remedies.first, let leader = belief.likeliest(where: { $0.remedy == top.key }) else {
            return noVerdict
        }
        // What nobody has seen from where it fails, and nobody has told of, is nothing to judge.
        if hasSeenNothing { return noVerdict }
        if let well = nothingFails { return well }
        // That all is well is no answer to what has failed before the diagnosis' own eyes and was not seen to work again.
        if leader.cause == .none, leader.second == nil, stillFails { return noVerdict }
        if speaksAnotherThroughout, ![.staleStagingAddress, .dnsWrong].contains(leader.cause) {
            return noVerdict
        }
        // That the remedy helps says more than all that was measured before.
        let isConfirmed = isConfirmed == true && top.share >= 0.5 && top.key != .none
        if !isConfirmed, let set = equivalence {
            let loci = Set(set.causes.flatMap { cause in belief.likeliest { $0.cause == cause }?.loci ?? [] })
            let first = belief.likeliest { $0.cause == set.causes.first } ?? leader
            return DiagnosisDocument.Verdict(
                level: .indistinguishable,
                causes: set.causes.map(\.rawValue),
                loci: loci.sorted().map(\.rawValue),
                mechanism: first.mechanism.rawValue,
                selector: first.selector.words,
                trigger: first.trigger.rawValue,
                memory: DiagnosisDocument.Memory(kind: first.memory.rawValue),
                remedy: first.remedy.rawValue,
                remedyOwner: first.remedy.owner(at: first.locus),
                confidence: Calibration.confidence(set.share)
            )
        }
        if top.key == .collectMoreEvidence { return noVerdict }
        let confidence = isConfirmed ? Calibration.cap : Calibration.confidence(top.share)
        let level: DiagnosisDocument.Level =
            isConfirmed ? .confirmed : top.share >= 0.95 ? .veryLikely : top.share >= 0.5 ? .likely : .noVerdict
        return verdict(of: leader, level, confidence)
    }

    /// Whether no connection to the suspect was made from where it fails, and nobody has told of one that failed.
    var hasSeenNothing: Bool { !isBaselineKnown && scene.lastFailure == nil }

    /// What cannot be told apart; nil if one remedy leads clearly.
    private var equivalence: Equivalence? { Equivalence(belief, bar: bar) }

    /// From which share on a remedy is named alone.
    var bar: Double {
        let site = view.site
        let others = site.vantages.dropFirst().contains { $0.position <= .sourceEgress }
        let isTried = !site.sourceAddresses.isEmpty || others
        let isOfSource = belief.likeliest()?.selector.contains(.sourceAddress) ?? false
        return isOfSource && !isTried ? Equivalence.clearUntried : Equivalence.clear
    }

    private func verdict(
        of leader: Hypothesis,
        _ level: DiagnosisDocument.Level,
        _ confidence: Double
    ) -> DiagnosisDocument.Verdict {
        DiagnosisDocument.Verdict(
            level: level,
            causes: leader.causes.map(\.rawValue),
            loci: leader.loci.map(\.rawValue),
            mechanism: leader.mechanism.rawValue,
            selector: leader.selector.words,
            trigger: trigger(of: leader).rawValue,
            memory: memory(leader),
            remedy: leader.remedy.rawValue,
            remedyOwner: leader.remedy.owner(at: leader.locus),
            confidence: confidence
        )
    }

    /// Nothing that was tried has failed or was slow, nobody has told of a failure, and that all is well is likelier than any
    /// single fault: then that is the answer, with no more confidence than it has. What was not tried is named beside it.
    private var nothingFails: DiagnosisDocument.Verdict? {
        // What is declared and not there is no sign that something is wrong with the suspect, which works.
        let tried = done.filter { done in
            guard done.outcome != nil, !done.isLeftOpen else { return false }
            return done.experiment.contact.map { !scene.hasOnlyFailed($0.end) } ?? true
        }
        guard isBaselineKnown, scene.lastFailure == nil, !tried.isEmpty,
            tried.allSatisfy({ $0.outcome == .ok && !$0.isDiscarded }), !isOftenLate,
            let first = belief.shares(\.cause).first, first.key == .none, first.share < Equivalence.clear,
            let leader = belief.likeliest(where: { $0.cause == .none })
        else { return nil }
        return verdict(of: leader, .likely, Calibration.confidence(first.share))
    }

    /// Whether more handshakes were late, those of controls among them, than light loss makes late.
    private var isOftenLate: Bool {
        let made = done.flatMap { [$0.result.before, $0.result.probe, $0.result.after].compactMap { $0 } }
            .filter { $0.vantageProblem == nil }
        let late = made.count { $0.outcome == .lateConnect }
        return late >= 3 && late * 12 > made.count
    }

    /// Whether the last connection that said whether the suspect works from where it fails was ended or not answered.
    private var stillFails: Bool { ownConnections.last?.outcome.map { !$0.worked } ?? false }

    /// Whether all that ever answered at the suspect's port speaks another protocol than is declared: that says something of the site
    /// file, and whatever refused to understand is no fault of the service.
    private var speaksAnotherThroughout: Bool {
        let answered = ownConnections.filter { $0.outcome.map { !$0.isBeforeHandshake } ?? false }
        return !answered.isEmpty && !moverHasWorked
            && answered.allSatisfy { $0.findings.contains { if case .speaksAnother = $0 { true } else { false } } }
    }

    /// Whether all that was tried works as it should, and nobody has told of a failure.
    var hasHarmedNothing: Bool {
        scene.lastFailure == nil && !done.isEmpty && done.allSatisfy { $0.outcome == nil || $0.outcome == .ok }
    }

    /// Whether the last connection that failed was tried again, and worked.
    var worksAgain: Bool {
        let own = ownConnections
        guard let last = own.last, last.outcome?.worked == true else { return false }
        let failed = own.last { $0.outcome.map { !$0.worked } ?? false }
        return failed.map { $0.experiment.contact == last.experiment.contact } ?? false
    }

    /// Connections to the suspect from where it fails that say whether it works.
    private var ownConnections: [Done] {
        done.filter { done in
            guard let contact = done.experiment.contact, !done.isDiscarded, let outcome = done.outcome else {
                return false
            }
            return contact.isSuspectKey && contact.source == .failing && contact.vantage == 0 && outcome != .notSent
        }
    }

    /// What arms it, if what was seen tells that; else the likeliest is no more than the usual one.
    private func trigger(of leader: Hypothesis) -> Trigger {
        let same = belief.shares { $0.causes == leader.causes ? $0.trigger : nil }.filter { $0.key != nil }
        let sum = same.reduce(0) { $0 + $1.share }
        guard let first = same.first, let trigger = first.key, first.share >= Equivalence.clear * sum else {
            return .unknown
        }
        return trigger
    }

    private func memory(_ leader: Hypothesis) -> DiagnosisDocument.Memory {
        DiagnosisDocument.Memory(kind: leader.memory.rawValue, seconds: bracket.seconds(leader.memory))
    }

    /// Its confidence is that of something which has no model here: what else leads has not been shown.
    private var noVerdict: DiagnosisDocument.Verdict {
        let share = belief.shares(\.remedy).first { $0.key == .collectMoreEvidence }?.share ?? 0
        return DiagnosisDocument.Verdict(
            level: .noVerdict,
            causes: [Cause.unmodelled.rawValue],
            loci: [],
            mechanism: Mechanism.none.rawValue,
            selector: [],
            trigger: Trigger.unknown.rawValue,
            memory: DiagnosisDocument.Memory(kind: MemoryKind.unknown.rawValue),
            remedy: Remedy.collectMoreEvidence.rawValue,
            remedyOwner: Remedy.collectMoreEvidence.owner,
            confidence: Calibration.confidence(share)
        )
    }

    /// What else it may be; with the verdict they have a probability of at most 1.
    private func alternatives(beside verdict: DiagnosisDocument.Verdict) -> [DiagnosisDocument.Alternative] {
        var left = max(0, 1 - verdict.confidence)
        var alternatives: [DiagnosisDocument.Alternative] = []
        let rest = belief.shares(\.remedy).filter {
            $0.key.rawValue != verdict.remedy && $0.key != .collectMoreEvidence
        }
        let sum = rest.reduce(0) { $0 + $1.share }
        guard sum > 0 else { return [] }
        for one in rest.prefix(6) where one.share > 0.0005 {
            guard let leader = belief.likeliest(where: { $0.remedy == one.key }) else { continue }
            // Rounded down, so that with the six decimals of the answer they do not sum up to more than 1.
            let probability = (min(left, (1 - verdict.confidence) * one.share / sum) * 1e6).rounded(.down) / 1e6
            left -= probability
            alternatives.append(
                DiagnosisDocument.Alternative(
                    causes: leader.causes.map(\.rawValue),
                    remedy: one.key.rawValue,
                    probability: probability
                )
            )
        }
        return alternatives
    }

    private func experiment(_ done: Done) -> DiagnosisDocument.Experiment {
        let records = [done.result.before, done.result.probe, done.result.after].compactMap { $0 }
        var written = DiagnosisDocument.Experiment(
            id: done.experiment.id,
            pair: records.map(\.plan.id),
            changed: done.experiment.changed
        )
        written.held = !done.isDiscarded
        written.isLeftOpen = done.isLeftOpen ? true : nil
        written.why = done.why.text
        written.whyKind = done.why.kind
        written.whyArguments = done.why.arguments.isEmpty ? nil : done.why.arguments
        written.outcome = records.map { record in
            record.plan.id == done.result.probe?.plan.id
                ? (done.outcome ?? record.outcome).rawValue : record.outcome.rawValue
        }
        written.posterior = done.belief.map { one in
            DiagnosisDocument.Belief(causes: [one.remedy.rawValue], probability: one.share)
        }
        return written
    }

    /// All that was found, with what it speaks for and against.
    var evidence: [DiagnosisDocument.Evidence] {
        var all: [DiagnosisDocument.Evidence] = []
        let members = membersByCause
        for note in notes + notesOfDeclarations + notesOfVantages {
            var one = DiagnosisDocument.Evidence(id: "e\(all.count + 1)", says: note.says)
            one.kind = note.kind
            one.arguments = note.arguments
            (one.for, one.against) = speaksFor(note.findings, members)
            all.append(one)
        }
        for done in done where !done.isDiscarded {
            for finding in done.findings {
                var one = DiagnosisDocument.Evidence(id: "e\(all.count + 1)", says: sentence(finding))
                one.kind = FindingText.kind(finding)
                one.arguments = FindingText.arguments(finding)
                one.record = done.result.probe?.plan.id ?? done.experiment.id
                (one.for, one.against) = speaksFor([finding], members)
                all.append(one)
            }
            if let one = evidence(ofLadder: done, id: "e\(all.count + 1)") { all.append(one) }
        }
        return all
    }

    /// Causes that findings speak for and against, compared with the leading one that they fit best: also against those that by
    /// now nobody would think of, for it is by such findings that they were ruled out.
    private func speaksFor(_ findings: [Finding], _ members: [(hypothesis: Hypothesis, isLeading: Bool)]) -> (
        [String], [String]
    ) {
        let likelihoods = members.map { member in
            let product = findings.reduce(1.0) { $0 * FindingModel.likelihood($1, member.hypothesis, scene) }
            return (cause: member.hypothesis.cause.rawValue, isLeading: member.isLeading, product: product)
        }
        let most = likelihoods.filter(\.isLeading).map(\.product).max() ?? 0
        guard most > 0 else { return ([], []) }
        let sorted = likelihoods.sorted { ($0.product, $1.cause) > ($1.product, $0.cause) }
        let against = sorted.filter { $0.product < most / 8 }.map(\.cause)
        guard !against.isEmpty else { return ([], []) }
        let fit = sorted.filter { $0.isLeading && $0.product > most / 2 }.map(\.cause)
        return (Array(fit.prefix(6)), Array(against.suffix(DiagnosisEngine.mostRuledOut)))
    }

    /// The likeliest hypothesis of each cause, and whether that is among those that lead.
    private var membersByCause: [(hypothesis: Hypothesis, isLeading: Bool)] {
        let shares = Dictionary(uniqueKeysWithValues: belief.shares(\.cause).map { ($0.key, $0.share) })
        return Cause.allCases.compactMap { cause in
            belief.likeliest { $0.cause == cause && $0.second == nil }.map { ($0, shares[cause] ?? 0 >= 0.01) }
        }
    }

    /// Causes that one piece of evidence is said to speak against, those that it fits worst.
    private static let mostRuledOut = 24

    /// Under which share a cause that nothing has looked for is ruled out by what was seen all the same. Judgement.
    private static let leastRival = 0.004

    private var untestedRivals: [DiagnosisDocument.UntestedRival] {
        var rivals: [DiagnosisDocument.UntestedRival] = []
        let site = view.site
        func add(_ cause: Cause, _ why: String) {
            // What other things have ruled out is no rival any more.
            let share = belief.shares(\.cause).first { $0.key == cause }?.share ?? 0
            guard share >= DiagnosisEngine.leastRival else { return }
            rivals.append(DiagnosisDocument.UntestedRival(cause: cause.rawValue, why: why))
        }
        let catalogue = ExperimentCatalogue(view: view, scene: scene)
        if !catalogue.sendsContent {
            add(
                .mtuBlackHole,
                "no content was sent: it is not known what the suspect takes, so that what shows only under load is open"
            )
        } else if !catalogue.sendsBulk {
            add(.policer, "little content was sent: no declared end takes more from somebody it does not know")
        } else if !site.allow.contains(.rateTest) {
            add(.policer, "no rate test was allowed: content was sent slowly only, or not at all")
        } else if !catalogue.sendsBulkToSuspect {
            add(.byteQuota, "much content can be sent to other ends only: the suspect takes no more of a stranger")
        }
        let isOfSource = verdict.selector.contains("source-address")
        if view.tier < 3 || site.providerRecords == nil {
            add(.scrubbingCap, "no provider records were granted, and no rate test was made near a scrubbing threshold")
        }
        if site.sourceAddresses.isEmpty, !isOfSource {
            add(.antiAbuseBlock, "no second source address was granted")
        }
        if view.vantages(at: .service).allSatisfy({ unreachable.contains($0.name) }) {
            add(.returnRouteMissing, "no vantage on the staging server was granted")
        }
        if !site.otherDestinations.contains(where: { $0.relation == .otherCloud }) {
            add(.carrierPortBlock, "no destination in another cloud was named")
        }
        return rivals
    }
}

extension DiagnosisEngine {
    /// Causes with their probabilities, the likeliest first.
    public var leadingCauses: [(causes: String, share: Double)] {
        belief.shares { hypothesis in
            let causes = hypothesis.causes.map(\.rawValue).joined(separator: "+")
            let loci = hypothesis.loci.map(\.rawValue).joined(separator: "+")
            return loci.isEmpty ? causes : "\(causes) at \(loci)"
        }.map { ($0.key, $0.share) }
    }

    /// A finding as a sentence.
    public func sentence(_ finding: Finding) -> String {
        FindingText.sentence(finding, view.site.vantages.map(\.name))
    }
}
