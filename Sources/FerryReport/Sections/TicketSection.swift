internal import FerryCore
internal import FerryEvidence

extension ReportWriter {
    var remedy: ReportDocument.Section? {
        var facts: [(label: String, value: Line)] = [
            (wording.remedy, Line(wording.word(verdict.remedy, .remedy)) + Line(" ") + .code(verdict.remedy))
        ]
        if let owner = verdict.remedyOwner { facts.append((wording.owner, .strong(wording.word(owner, .owner)))) }
        let advice = wording.remedyAdvice(verdict.remedy)
        return ReportDocument.Section(
            id: "remedy",
            title: wording.remedyTitle,
            blocks: [.facts(facts)] + (advice.isEmpty ? [] : [.paragraph(Line(advice))])
        )
    }

    /// What is pasted into whoever's form: with 5-tuples and times in UTC.
    var ticket: ReportDocument.Section? {
        guard isFault else { return nil }
        let owner = incident.diagnosis.ticket?.to ?? verdict.remedyOwner
        let text = wording.ticketText(ticketFacts)
        return ReportDocument.Section(
            id: "ticket",
            title: wording.ticketTitle,
            blocks: [
                .paragraph(Line(wording.ticketIntroduction(owner.map { wording.word($0, .owner) } ?? wording.unknown))),
                .preformatted(VisibleText.of(text, keepsLines: true)),
            ]
        )
    }

    private var ticketFacts: TicketFacts {
        let failing = scope.rows.filter {
            $0.worked == 0 && ($0.destination == .suspect || $0.destination == .alternatePort)
        }
        let working = scope.rows.filter { $0.worked == $0.count }
        return TicketFacts(
            verdict: verdict,
            suspect: suspect,
            blocked: failing.map { "\($0.source ?? $0.vantage) → \(Self.endpoint($0.host, $0.port))" },
            tuples: tuples,
            counterexamples: working.map { row in
                let outcomes = row.outcomes.map { "\($0.outcome.rawValue) ×\($0.count)" }.joined(separator: ", ")
                return "\(row.source ?? row.vantage) → \(Self.endpoint(row.host, row.port)): \(outcomes)"
            },
            evidence: incident.diagnosis.evidence.filter { !Set($0.for).isDisjoint(with: verdict.causes) }.prefix(6).map
            {
                wording.evidence($0).text
            },
            english: incident.diagnosis.ticket?.text,
            began: impact.began.map { wording.time($0, isExact: false) },
            servers: impact.servers.count
        )
    }

    /// Failed connections, the newest: protocol, both ends, when, what it came to.
    private var tuples: [String] {
        var lines: [(time: UTCTime, text: String)] = []
        for probe in incident.probes where !probe.outcome.worked && isSuspect(probe.plan) && probe.vantageProblem == nil
        {
            guard let time = UTCTime(parsing: probe.startedAt) else { continue }
            let source = probe.translatedSource ?? probe.source ?? "\(probe.plan.sourceAddress ?? probe.plan.vantage):*"
            let end = probe.destination ?? Self.endpoint(probe.plan.host, probe.plan.port)
            var text = "TCP \(source) → \(end)  \(probe.outcome.rawValue)"
            if let seconds = probe.failureSeconds { text += "  +\(Self.milliseconds(seconds))" }
            if let closing = probe.closing { text += "  \(closing.flags) ttl=\(closing.timeToLive)" }
            lines.append((time, text))
        }
        for event in Impact.concerned(incident) where !event.worked {
            guard let source = event.translated ?? event.source else { continue }
            let end = Self.endpoint(event.host, event.port)
            lines.append((event.time, "TCP \(source) → \(end)  \(event.outcome ?? "")"))
        }
        let newest = lines.sorted { $0.time > $1.time }.prefix(12).reversed()
        return newest.map { "\(wording.time($0.time, isExact: true))  \($0.text)" }
    }
}
