internal import FerryEvidence

extension DiagnosisEngine {
    /// What had failed last where it fails, to be tried again after the remedy; nil if nothing has failed.
    public var confirmation: Experiment? {
        let failed = done.last { done in
            guard let contact = done.experiment.contact, let outcome = done.outcome, !done.isDiscarded else {
                return false
            }
            return contact.vantage == 0 && contact.source == .failing && contact.destination == .suspectHost
                && outcome != .ok && outcome != .notSent
        }
        guard let failed = failed?.experiment, let plan = failed.probe, let contact = failed.contact else { return nil }
        var experiment = Experiment(.confirmation, changed: "nothing but the time: the remedy has been carried out")
        experiment.id = nextID
        experiment.probe = plan
        experiment.contact = contact
        experiment.control = failed.control
        return experiment
    }

    /// Seconds until the suspect may be connected to for it.
    public func waitForConfirmation(at now: Double) -> Double {
        confirmation?.contact.map { guards.wait(for: $0, now: now) } ?? 0
    }

    private func wasCut(_ experiment: Experiment) -> Bool {
        // Each probe has a name of its own.
        func nameless(_ plan: ProbePlan?) -> ProbePlan? {
            var plan = plan
            plan?.id = ""
            return plan
        }
        let plan = nameless(experiment.probe)
        return done.last { nameless($0.experiment.probe) == plan && $0.outcome != .ok }?.outcome.map { !$0.worked }
            ?? false
    }

    /// Takes what came of the confirmation: nothing of it moves the belief, which is about what was before the remedy.
    mutating func take(confirmation result: ExperimentResult, of experiment: Experiment, at now: Double) {
        isConfirmed = nil
        confirmations += 1
        guard let record = result.probe, record.vantageProblem == nil, let contact = experiment.contact else { return }
        let controls = [result.before, result.after].compactMap { $0 }.filter { $0.vantageProblem == nil }
        let reading = ProbeReading(contact: contact, record: record, reference: nil)
        let outcome = reading.outcome
        if record.closedBy == .peer, !outcome.worked { guards.killed(contact, at: result.endedAt ?? now) }
        // Where the control fails, too, the network is another one than before.
        guard controls.allSatisfy(\.outcome.worked) else {
            notes.append(
                Note(
                    kind: "confirmation",
                    says: "The control fails, too: whether the remedy helps cannot be told.",
                    arguments: ["unknown", outcome.rawValue],
                    findings: []
                )
            )
            return
        }
        // Who answers before it has all says nothing of the way for all of it.
        guard !contact.isBulk || !outcome.worked || reading.contact.isBulk else {
            notes.append(
                Note(
                    kind: "confirmation",
                    says:
                        "The far end took too little of the content: whether the remedy helps cannot be told. Try again in a minute.",
                    arguments: ["too-little", outcome.rawValue],
                    findings: []
                )
            )
            return
        }
        guard outcome != .notSent else {
            notes.append(
                Note(
                    kind: "confirmation",
                    says:
                        "The connection could not be tried (\(record.failure ?? "nothing was sent")): whether the remedy helps cannot be told. Try again in a minute.",
                    arguments: ["not-sent", outcome.rawValue],
                    findings: []
                )
            )
            return
        }
        // What was slow has to be as fast as it should be.
        let helps = outcome == .ok || outcome.worked && wasCut(experiment)
        isConfirmed = helps
        notes.append(
            Note(
                kind: "confirmation",
                says: helps
                    ? "After the remedy what had failed works."
                    : "After the remedy what had failed still fails: \(outcome.rawValue).",
                arguments: ["\(helps)", outcome.rawValue],
                findings: []
            )
        )
    }
}
