internal import FerryAddress
internal import FerryCore
internal import FerryEvidence

extension ReportWriter {
    var remedy: ReportDocument.Section? {
        if isUndecided { return undecidedRemedy }
        var facts: [(label: String, value: Line)] = [
            (wording.remedy, Line(wording.word(verdict.remedy, .remedy)) + Line(" ") + .code(verdict.remedy))
        ]
        if let owner = verdict.remedyOwner { facts.append((wording.owner, .strong(wording.word(owner, .owner)))) }
        let advice = isConfirmed ? wording.remedyHelped : wording.remedyAdvice(verdict.remedy)
        return ReportDocument.Section(
            id: "remedy",
            title: wording.remedyTitle,
            blocks: [.facts(facts)] + (advice.isEmpty ? [] : [.paragraph(Line(advice))])
        )
    }

    var isConfirmed: Bool { verdict.level == .confirmed }

    /// What is pasted into whoever's form: with 5-tuples and times in UTC.
    var ticket: ReportDocument.Section? {
        // Where nobody has to do anything there is none.
        guard isFault, let ticket = incident.diagnosis.ticket else { return nil }
        let text = wording.ticketText(facts(of: ticket))
        return ReportDocument.Section(
            id: "ticket",
            title: wording.ticketTitle,
            blocks: [
                .paragraph(Line(wording.ticketIntroduction(wording.word(ticket.to, .owner)))),
                .preformatted(VisibleText.of(text, keepsLines: true)),
            ]
        )
    }

    private func facts(of ticket: DiagnosisDocument.Ticket) -> TicketFacts {
        let failing = scope.rows.filter { $0.worked == 0 }
        let speaker = incident.diagnosis.evidence.first { $0.kind == "speaker" }
        var ticket = ticket
        ticket.failedHosts = ticket.failedHosts.map(Self.unique)
        return TicketFacts(
            verdict: verdict,
            suspect: suspect,
            sources: leavingAddresses,
            blocked: Self.unique(failing.map { "\($0.source ?? $0.vantage) → \(Place.text($0.host, $0.port))" }),
            ticket: ticket,
            port: incident.site?.suspect.port,
            tuples: tuples,
            counterexamples: counterexamples,
            evidence: strongest.prefix(10).map { VisibleText.of(wording.evidence($0.first).text) },
            speaker: speaker.map { VisibleText.of(wording.evidence($0).text) },
            rate: incident.diagnosis.rate,
            undecided: isUndecided ? undecidedCauses : [],
            separators: isUndecided ? separators.map(\.text) : [],
            began: impact.began.map { wording.time($0, isExact: false) },
            servers: impact.servers.count
        )
    }

    /// By which the failing connections leave: whoever is asked knows the site by no others.
    private var leavingAddresses: [String] {
        let first = incident.site?.vantages.first?.name
        let own = scope.rows.filter { $0.destination == .suspect && $0.vantage == first }
        let failing = own.filter { $0.worked < $0.count }
        let seen = Self.unique((failing.isEmpty ? own : failing).compactMap(\.source))
        let probes = incident.probes.filter { $0.plan.vantage == first }
        let inside = Set(probes.compactMap { $0.source.map { LaneEvent.parts(of: $0).host } })
        // Where nobody outside has seen a probe, the mover's log may tell what the staging server has seen.
        guard seen.allSatisfy(inside.contains),
            let logged = Impact.concerned(incident).compactMap(\.translated).last
        else { return seen }
        return [LaneEvent.parts(of: logged).host]
    }

    private var counterexamples: [(place: String, text: String)] {
        let all = scope.rows.filter { $0.worked == $0.count }.map { row in
            let outcomes = row.outcomes.map { "\($0.outcome.rawValue) ×\($0.count)" }.joined(separator: ", ")
            let last = row.last.map { wording.lastAt(wording.time($0, isExact: true)) } ?? ""
            let place = VisibleText.of(Place.text(row.host, row.port))
            let way = VisibleText.of("\(row.source ?? row.vantage) → \(place)")
            return (place: place, text: "\(way)\(wording.colon)\(outcomes)\(last)")
        }
        // Several vantages may leave by one address.
        return all.enumerated().filter { index, one in !all[..<index].contains { $0.text == one.text } }.map(\.element)
    }

    /// What speaks for the verdict and against many other causes first, then what else was seen of connections.
    private var strongest: [EvidenceGroup] {
        let groups = EvidenceGroup.all(of: incident.diagnosis.evidence)
        let ranked = groups.indices.compactMap { index in rank(of: groups[index]).map { (rank: $0, index: index) } }
        return ranked.sorted { one, other in
            let (left, right) = (groups[one.index].against.count, groups[other.index].against.count)
            return (one.rank, -left, one.index) < (other.rank, -right, other.index)
        }.map { groups[$0.index] }
    }

    /// Nil for what does not belong in a ticket.
    private func rank(of group: EvidenceGroup) -> Int? {
        // Where it spoke has a line of its own.
        if group.first.kind == "speaker" { return nil }
        let isFor = !Set(group.for).isDisjoint(with: verdict.causes)
        // Nobody doubts what stands in its own records.
        if isFor, group.first.kind == "provider-record" { return -1 }
        if isFor { return group.against.isEmpty ? 1 : 0 }
        let telling = ["outcome", "request-seen", "answer-seen", "server-ended", "end-comes-from-as-far"]
        let isTelling = telling.contains(group.first.arguments?.first ?? "")
        return isTelling && Set(group.against).isDisjoint(with: verdict.causes) ? 2 : nil
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
            probes.append((time, source, tuple(of: probe)))
        }
        var events: [(time: UTCTime, source: String, text: String)] = []
        // What a connection looks like outside was told when it began.
        var translated: [String: String] = [:]
        let (leaving, own) = (leavingAddress, ownAddresses)
        for event in Impact.concerned(incident) {
            if let source = event.source, let outside = event.translated { translated[source] = outside }
            guard !event.worked, let source = event.source else { continue }
            let outside =
                event.translated ?? translated[source]
                ?? leaving.flatMap { own.contains(LaneEvent.parts(of: source).host) ? Place.text($0, "*") : nil }
            let from = outside.map { $0 == source ? source : "\($0) (\(source))" } ?? source
            let end = Place.text(event.host, event.port)
            events.append((event.time, outside ?? source, "TCP \(from) → \(end)  \(event.outcome ?? "")"))
        }
        let newest = [probes, events].map { $0.sorted { $0.time < $1.time }.suffix(8) }.joined()
        return newest.map {
            (VisibleText.of($0.source), VisibleText.of("\(wording.time($0.time, isExact: true))  \($0.text)"))
        }
    }

    /// The address that the server which was asked leaves by; nil if that is not known, or is its own.
    private var leavingAddress: String? {
        let known = leavingAddresses
        guard known.count == 1, let address = known.first, let seen = IPAddress(parsing: address), !seen.isPrivate
        else {
            return nil
        }
        return address
    }

    /// The private addresses of the server that was asked. Of other servers nobody has seen what they leave by.
    private var ownAddresses: Set<String> {
        let first = incident.site?.vantages.first?.name
        let own = incident.probes.filter { $0.plan.vantage == first }.compactMap(\.source)
        return Set(own.map { LaneEvent.parts(of: $0).host }.filter { IPAddress(parsing: $0)?.isPrivate ?? false })
    }

    /// A failed connection as it looks outside, with what ended it, and its end within the site.
    private func tuple(of probe: ProbeRecord) -> String {
        // The port may have been translated as well.
        let outside = probe.translatedSource ?? leaving.address(of: probe).map { Place.text($0, "*") }
        let source = outside ?? probe.source ?? "\(probe.plan.sourceAddress ?? probe.plan.vantage):*"
        let end = probe.destination ?? Place.text(probe.plan.host, probe.plan.port)
        var text = "TCP \(source) → \(end)  \(probe.outcome.rawValue)"
        if let seconds = probe.failureSeconds { text += "  +\(Self.milliseconds(seconds))" }
        if let closing = probe.closing {
            text += "  \(closing.flags) ttl=\(closing.timeToLive) window=\(closing.window)"
        }
        if let icmp = probe.icmp { text += "  ICMP \(icmp.type)/\(icmp.code) \(icmp.from)" }
        guard let inside = probe.source, inside != source else { return text }
        return text + wording.inside(inside)
    }
}
