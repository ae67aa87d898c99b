internal import FerryEvidence

/// Where on the way something spoke: a ladder to what works at the suspect's host tells who is at which distance.
struct LadderLook {
    let view: SiteView
    let done: [DiagnosisEngine.Done]

    private static let loci = Locus.sourceLAN...Locus.cloudNetwork
    private static let mechanisms: Set<Mechanism> = [.reset, .close, .icmpReject]
    /// Hosts of the Internet are hardly farther away, and a vantage makes 30 connections a minute to one place.
    private static let mostSteps = 24
    /// The way there may be a little longer than the way back, by which it is counted.
    private static let slack = 3
    /// Before its request goes again, which is after a second.
    private static let stepSeconds = 0.15...0.6

    /// Whether it is something on the way that speaks.
    static func isAbout(_ hypothesis: Hypothesis) -> Bool {
        mechanisms.contains(hypothesis.mechanism) && loci.contains(hypothesis.locus)
    }

    /// The ladder to be climbed; nil if there is nothing to be placed, nothing to climb to, or one was climbed.
    var plan: LadderPlan? {
        guard let failing = view.site.vantages.first, let control, let spoken,
            !done.contains(where: { $0.experiment.kind == .ladder })
        else { return nil }
        var plan = LadderPlan(id: "", vantage: failing.name, host: control.host, port: control.port, sends: .request)
        plan.sourceAddress = spoken.by.plan.sourceAddress
        let host = answer.flatMap { PassedRouters(timeToLive: $0.timeToLive) }
        plan.most = min(LadderLook.mostSteps, host.map { $0.count + 1 + LadderLook.slack } ?? .max)
        let roundTrip = answer?.roundTrip ?? LadderLook.stepSeconds.upperBound
        plan.stepSeconds = (2 * roundTrip + 0.05).clamped(to: LadderLook.stepSeconds)
        return plan
    }

    /// What was found; nil if no ladder was climbed, or it has nothing.
    var found: SpeakerDistance? {
        guard let ladder = done.lazy.compactMap(\.result.ladder).first, let spoken else { return nil }
        return SpeakerDistance(spoken.speech, ladder)
    }

    /// What works at the suspect's own host.
    private var control: Site.Endpoint? { view.site.controls.first { isBesideSuspect($0.host, $0.port) } }

    private func isBesideSuspect(_ host: String, _ port: UInt16) -> Bool {
        guard view.destination(host) == .suspectHost, case .other = view.port(port) else { return false }
        return true
    }

    /// What ended a connection to the suspect: the last one that tells, by the failing address if there is one.
    private var spoken: (speech: SpeakerDistance.Speech, by: ProbeRecord)? {
        spoken { $0.source == .failing } ?? spoken { _ in true }
    }

    private func spoken(_ isMeant: (Contact) -> Bool) -> (speech: SpeakerDistance.Speech, by: ProbeRecord)? {
        for done in done.reversed() where !done.isDiscarded && done.outcome?.worked == false {
            guard let contact = done.experiment.contact, contact.vantage == 0, contact.isSuspectKey, isMeant(contact),
                let record = done.result.probe, let speech = speech(of: record)
            else { continue }
            return (speech, record)
        }
        return nil
    }

    private func speech(of record: ProbeRecord) -> SpeakerDistance.Speech? {
        if record.closedBy == .peer, let closing = record.closing {
            // Who answers for the port that fails need not be the host.
            guard let host = answer?.timeToLive ?? record.handshake?.answers.last?.timeToLive else { return nil }
            return .closing(timeToLive: closing.timeToLive, hostTimeToLive: host)
        }
        // Who tells of a smaller unit does not refuse.
        guard let error = record.icmp, error.pathUnit == nil else { return nil }
        return .error(from: error.from)
    }

    /// An answer of the host itself, by a control.
    private var answer: (timeToLive: Int, roundTrip: Double?)? {
        done.reversed().lazy.flatMap { [$0.result.after, $0.result.before] }.compactMap { record in
            guard let record, record.outcome.worked, record.plan.vantage == view.failing,
                isBesideSuspect(record.plan.host, record.plan.port), let answer = record.handshake?.answers.last,
                answer.timeToLive > 0
            else { return nil }
            return (answer.timeToLive, record.handshake?.roundTripSeconds ?? record.connectSeconds)
        }.first
    }
}

extension DiagnosisEngine {
    /// Where on the way what ended the failing connection was; nil if no ladder has told.
    public var speaker: SpeakerDistance? { LadderLook(view: view, done: done).found }

    /// Whoever is to look for a device that speaks in others' names wants to know where: it is told, and weighs nothing.
    func ladderLook(_ now: Double) -> Step? {
        guard let leader = belief.likeliest(), LadderLook.isAbout(leader), !isBlockedByPolicy,
            let plan = LadderLook(view: view, done: done).plan, !unreachable.contains(plan.vantage),
            now + Double(plan.most) * plan.stepSeconds + 1 <= ends
        else { return nil }
        var experiment = Experiment(
            .ladder,
            changed: "nothing: who answers on the way to the control \(plan.host) port \(plan.port)"
        )
        experiment.id = nextID
        experiment.ladder = plan
        return .run(experiment, why: .ladderLook)
    }

    /// The evidence of it, which speaks neither for nor against anything.
    func evidence(ofLadder done: Done, id: String) -> DiagnosisDocument.Evidence? {
        guard let ladder = done.result.ladder, let speaker else { return nil }
        var evidence = DiagnosisDocument.Evidence(id: id, says: speaker.sentence)
        evidence.kind = "speaker"
        evidence.arguments = speaker.arguments
        evidence.record = ladder.plan.id
        return evidence
    }
}
