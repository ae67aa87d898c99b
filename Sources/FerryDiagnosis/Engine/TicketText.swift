internal import FerryAddress
internal import FerryCore
internal import FerryEvidence

/// What is pasted into a ticket: what fails, since when, what was seen, and what is asked for.
struct TicketText {
    let engine: DiagnosisEngine
    let verdict: DiagnosisDocument.Verdict
    let at: UTCTime

    /// Nil where nobody has to do anything.
    var ticket: DiagnosisDocument.Ticket? {
        let owner = verdict.remedyOwner ?? Remedy.collectMoreEvidence.owner
        // Nobody can be asked to mend what nobody has seen fail, nor what is mended.
        if verdict.level == .confirmed || engine.hasSeenNothing { return nil }
        return owner == Remedy.none.owner ? nil : DiagnosisDocument.Ticket(to: owner, text: text)
    }

    /// The addresses that the failing connections leave by: as they were seen outside, else as the source has them.
    private var sources: [String] {
        if !engine.leavingAddresses.isEmpty { return engine.leavingAddresses.sorted() }
        let own = engine.done.compactMap { done -> String? in
            guard let record = done.result.probe, record.plan.vantage == engine.view.failing,
                record.plan.sourceAddress == nil, let source = record.source
            else { return nil }
            return IPEndpoint(parsing: source).map { "\($0.address)" }
        }
        return Set(own).sorted()
    }

    private var text: String {
        let suspect = engine.view.site.suspect
        var lines: [String] = []
        let from = sources.isEmpty ? engine.view.failing : sources.joined(separator: ", ")
        let isSlow = [Mechanism.rate, .loss, .delay].map(\.rawValue).contains(verdict.mechanism)
        let tense = engine.worksAgain ? "failed, and the last one that was tried works" : "fail"
        lines.append(
            "Connections from \(from) to \(suspect.host) port \(suspect.port)/tcp \(isSlow ? "are slow or lossy" : tense)."
        )
        lines.append("")
        lines.append(
            "Finding (\(verdict.level.rawValue), \(Int((verdict.confidence * 100).rounded())) %): \(verdict.causes.joined(separator: verdict.level == .indistinguishable ? " or " : " and "))"
        )
        if !verdict.loci.isEmpty { lines.append("Where: \(verdict.loci.joined(separator: ", "))") }
        if let speaker = engine.speaker { lines.append("Where it spoke: \(speaker.sentence)") }
        if !verdict.selector.isEmpty { lines.append("Which packets: \(verdict.selector.joined(separator: ", "))") }
        let request = Remedy(rawValue: verdict.remedy)?.request(from: from, to: suspect.place)
        if verdict.level == .indistinguishable {
            let separators = engine.separators(of: verdict)
            lines.append("These cannot be told apart by what was granted. What would part them: \(separators).")
            let others = otherOwners
            if !others.isEmpty { lines.append("Until they are, it may also be for \(others.joined(separator: ", ")).") }
        } else if let request {
            lines.append("Asked for (\(verdict.remedy)): \(request)")
        }
        if let rate = engine.rate(for: verdict) { lines.append("Measured: \(rate.sentence)") }
        if !proof.isEmpty { lines += ["", "What shows it:"] + proof.map { "  " + $0 } }
        lines.append("")
        lines.append("Connections made (times in UTC):")
        for done in engine.done {
            let made = [done.result.before, done.result.probe, done.result.after].compactMap { $0 }
            // What a vantage did not do is no connection.
            for record in made where record.vantageProblem == nil {
                lines.append("  " + line(of: record, done))
            }
        }
        // Of what vantages and services have said nothing begins a line of its own.
        return lines.map { VisibleText.of($0) }.joined(separator: "\n")
    }

    /// What speaks for the verdict and against most of what it might be else, in as few sentences as a stranger reads.
    private var proof: [String] {
        let telling = engine.evidence.filter { !$0.against.isEmpty && !Set($0.for).isDisjoint(with: verdict.causes) }
        let sorted = telling.enumerated().sorted { left, right in
            // Nobody doubts what stands in its own records.
            func rank(_ one: (offset: Int, element: DiagnosisDocument.Evidence)) -> (Int, Int, Int) {
                (one.element.kind == "provider-record" ? 0 : 1, -one.element.against.count, one.offset)
            }
            return rank(left) < rank(right)
        }
        var says: [String] = []
        for one in sorted where !says.contains(one.element.says) { says.append(one.element.says) }
        return Array(says.prefix(6))
    }

    /// Who would have to act by the other causes of a set.
    private var otherOwners: [String] {
        let remedies = verdict.causes.compactMap(Cause.init(rawValue:)).compactMap { cause in
            engine.belief.likeliest { $0.cause == cause && $0.second == nil }?.remedy
        }
        return Set(remedies.filter { $0 != .none }.map(\.owner)).subtracting([verdict.remedyOwner ?? ""]).sorted()
    }

    private func line(of record: ProbeRecord, _ done: DiagnosisEngine.Done) -> String {
        let outcome = record.plan.id == done.result.probe?.plan.id ? done.outcome ?? record.outcome : record.outcome
        var line = "\(record.startedAt)  \(source(of: record)) -> \(record.destination ?? record.plan.place) tcp  "
        line += "\(outcome == record.outcome ? record.words : outcome.words) (\(outcome.rawValue))\(record.saying)"
        if !outcome.worked, let closing = record.closing {
            line += ", by \(closing.flagNames) with TTL \(closing.timeToLive), window \(closing.window)"
        }
        return line
    }

    /// What others see of it stands beside what the source has.
    private func source(of record: ProbeRecord) -> String {
        guard let source = record.source else { return record.translatedSource ?? record.plan.vantage }
        if let translated = record.translatedSource { return "\(source) (leaves as \(translated))" }
        let outside = engine.leavingAddresses.sorted()
        let isFailing = record.plan.vantage == engine.view.failing && record.plan.sourceAddress == nil
        let own = IPEndpoint(parsing: source).map { "\($0.address)" }
        let declared = engine.view.site.sourceAddresses.first { $0.via == record.plan.vantage }?.address
        let isSeen = isFailing && !outside.isEmpty || record.plan.sourceAddress != nil
        if !isSeen, let declared, declared != own, !engine.view.isFailing(declared) {
            return "\(source) (leaves as \(declared), as is declared)"
        }
        guard isFailing, !outside.isEmpty, !outside.contains(own ?? "") else { return source }
        return "\(source) (leaves as \(outside.joined(separator: " or ")), ports may be translated)"
    }
}
