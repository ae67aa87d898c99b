internal import FerryCore
internal import FerryEvidence

extension ReportWriter {
    var remedy: ReportDocument.Section? {
        if isUndecided { return undecidedRemedy }
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
        // Where nobody has to do anything there is none.
        guard isFault, let ticket = incident.diagnosis.ticket else { return nil }
        let text = wording.ticketText(ticketFacts)
        return ReportDocument.Section(
            id: "ticket",
            title: wording.ticketTitle,
            blocks: [
                .paragraph(Line(wording.ticketIntroduction(wording.word(ticket.to, .owner)))),
                .preformatted(VisibleText.of(text, keepsLines: true)),
            ]
        )
    }

    private var ticketFacts: TicketFacts {
        let failing = scope.rows.filter { $0.worked == 0 }
        let working = scope.rows.filter { $0.worked == $0.count }
        return TicketFacts(
            verdict: verdict,
            suspect: suspect,
            blocked: Self.unique(failing.map { "\($0.source ?? $0.vantage) → \(Place.text($0.host, $0.port))" }),
            tuples: tuples,
            counterexamples: Self.unique(
                working.map { row in
                    let outcomes = row.outcomes.map { "\($0.outcome.rawValue) ×\($0.count)" }.joined(separator: ", ")
                    return "\(row.source ?? row.vantage) → \(Place.text(row.host, row.port)): \(outcomes)"
                }
            ),
            evidence: EvidenceGroup.all(of: incident.diagnosis.evidence).filter {
                !Set($0.for).isDisjoint(with: verdict.causes)
            }.prefix(6).map {
                VisibleText.of(wording.evidence($0.first).text)
            },
            english: incident.diagnosis.ticket?.text,
            began: impact.began.map { wording.time($0, isExact: false) },
            servers: impact.servers.count
        )
    }

    /// Each line once: the same address may have been left by from several places. Nothing within one begins another.
    private static func unique(_ written: [String]) -> [String] {
        let lines = written.map { VisibleText.of($0) }
        return lines.enumerated().filter { index, line in !lines[..<index].contains(line) }.map(\.element)
    }

    /// Failed connections, the newest: protocol, both ends, when, what it came to. Those of the diagnosis first: of them it is
    /// known best what they look like outside.
    private var tuples: [(source: String, text: String)] {
        var probes: [(time: UTCTime, source: String, text: String)] = []
        for probe in incident.probes where !probe.outcome.worked && isSuspect(probe.plan) && probe.vantageProblem == nil
        {
            guard let time = UTCTime(parsing: probe.startedAt) else { continue }
            let source = probe.translatedSource ?? probe.source ?? "\(probe.plan.sourceAddress ?? probe.plan.vantage):*"
            let end = probe.destination ?? Place.text(probe.plan.host, probe.plan.port)
            var text = "TCP \(source) → \(end)  \(probe.outcome.rawValue)"
            if let seconds = probe.failureSeconds { text += "  +\(Self.milliseconds(seconds))" }
            if let closing = probe.closing { text += "  \(closing.flags) ttl=\(closing.timeToLive)" }
            probes.append((time, source, text))
        }
        var events: [(time: UTCTime, source: String, text: String)] = []
        // What a connection looks like outside was told when it began.
        var translated: [String: String] = [:]
        for event in Impact.concerned(incident) {
            if let source = event.source, let outside = event.translated { translated[source] = outside }
            guard !event.worked, let source = event.source else { continue }
            let outside = event.translated ?? translated[source]
            let from = outside.map { $0 == source ? source : "\($0) (\(source))" } ?? source
            let end = Place.text(event.host, event.port)
            events.append((event.time, outside ?? source, "TCP \(from) → \(end)  \(event.outcome ?? "")"))
        }
        let newest = [probes, events].map { $0.sorted { $0.time < $1.time }.suffix(8) }.joined()
        return newest.map {
            (VisibleText.of($0.source), VisibleText.of("\(wording.time($0.time, isExact: true))  \($0.text)"))
        }
    }
}
