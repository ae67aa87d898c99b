internal import FerryCore
internal import FerryEvidence

extension ReportWriter {
    var evidence: ReportDocument.Section? {
        var blocks: [ReportDocument.Block] = []
        let groups = EvidenceGroup.all(of: incident.diagnosis.evidence)
        let weighty = groups.filter { !$0.for.isEmpty || !$0.against.isEmpty }
        if !weighty.isEmpty {
            blocks.append(.paragraph(Line(wording.evidenceIntroduction)))
            let rows = weighty.map { group in
                let count = group.ids.count > 1 ? Line(" ×\(group.ids.count)", .muted) : ""
                return ReportDocument.Row(
                    cells: [
                        .code(group.id) + count, wording.evidence(group.first), Line(causes(group.for)),
                        Line(causes(group.against)), .code(group.records.joined(separator: " ")),
                    ],
                    anchor: group.id
                )
            }
            blocks.append(
                .table(
                    head: ["", wording.what, wording.speaksFor, wording.speaksAgainst, wording.record],
                    rows: rows
                )
            )
        }
        let others = groups.filter { $0.for.isEmpty && $0.against.isEmpty }
        if !others.isEmpty {
            blocks.append(.paragraph(Line(wording.withoutWeight)))
            blocks.append(.list(others.map { wording.evidence($0.first) }))
        }
        blocks += contrasts + packets + captures + ladders + provider + uplink
        guard !blocks.isEmpty else { return nil }
        return ReportDocument.Section(id: "evidence", title: wording.evidenceTitle, blocks: blocks)
    }

    /// Comparisons in which one factor was changed.
    private var contrasts: [ReportDocument.Block] {
        guard !incident.diagnosis.experiments.isEmpty else { return [] }
        let probes = Dictionary(incident.probes.map { ($0.plan.id, $0) }) { first, _ in first }
        // An answer of an earlier version has it in English only, which is no part of a page in another language.
        let tells = incident.diagnosis.experiments.contains { wording.reason($0) != nil }
        let rows = incident.diagnosis.experiments.filter { !$0.pair.isEmpty }.map { one in
            let ends = one.pair.indices.map { index -> Line in
                let made = probes[one.pair[index]]
                let word = index < one.outcome.count ? one.outcome[index] : made?.outcome.rawValue ?? ""
                let isGood = ProbeOutcome(rawValue: word)?.worked ?? false
                let end = Line(one.pair[index] + wording.colon) + Line(made.map { "\(way(of: $0)) " } ?? "")
                return word.isEmpty ? end : end + .mark(word, isGood: isGood)
            }
            // A control before and one after, or one of them, or the failing connection and another.
            let question = Self.question(one)
            let others = ends.indices.filter { $0 != question }.map { ends[$0] }
            var cells: [Line] = [
                .code(one.id), Line(factors(one, probes)), ends[question], .joined(others, wording.semicolon),
                Line(one.isLeftOpen == true ? wording.isLeftOpen : one.held.map(wording.counts) ?? ""),
            ]
            if tells { cells.append(wording.reason(one) ?? "") }
            return ReportDocument.Row(cells)
        }
        let heads =
            ["", wording.changed, wording.failing, wording.compared, wording.counts] + (tells ? [wording.why] : [])
        guard !rows.isEmpty else { return [] }
        return [
            .paragraph(.strong(wording.contrasts) + Line(wording.colon + wording.contrastsIntroduction)),
            .table(head: heads, rows: rows),
        ]
    }

    /// Which of an experiment's probes is the one in question: the middle one of three.
    private static func question(_ experiment: DiagnosisDocument.Experiment) -> Int {
        experiment.pair.count >= 3 ? 1 : 0
    }

    /// What was changed against the failing connection: by the word of the experiment, by how the probes' plans differ, or as
    /// the engine has put it in English.
    private func factors(_ experiment: DiagnosisDocument.Experiment, _ probes: [String: ProbeRecord]) -> String {
        if let changed = experiment.changed {
            let word = wording.word(changed, .factor)
            if word != changed || wording.tag == "en" { return word }
        }
        let first = incident.site?.vantages.first?.name
        let baseline = incident.probes.first {
            isSuspect($0.plan) && $0.plan.vantage == first && $0.plan.payload == nil
        }
        if let baseline, let question = probes[experiment.pair[Self.question(experiment)]] {
            let words = differences(baseline, question)
            return wording.list((words.isEmpty ? ["baseline"] : words).map { wording.word($0, .factor) })
        }
        return wording.free(experiment.changed)?.text ?? ""
    }

    /// The address that was left by, as far as something on the way has told.
    private func source(_ probe: ProbeRecord) -> String? { leaving.address(of: probe) ?? probe.plan.sourceAddress }

    private func differences(_ one: ProbeRecord, _ other: ProbeRecord) -> [String] {
        let (left, right) = (one.plan, other.plan)
        var words: [String] = []
        if left.vantage != right.vantage { words.append("vantage") }
        if source(one) != source(other) { words.append("source-address") }
        if left.sourcePort != right.sourcePort { words.append("source-port") }
        if left.host != right.host { words.append("destination-address") }
        if left.port != right.port { words.append("destination-port") }
        if left.payload?.kind != right.payload?.kind { words.append("payload") }
        if left.payload?.bytes != right.payload?.bytes { words.append("size") }
        if left.payload?.bitsPerSecond != right.payload?.bitsPerSecond { words.append("rate") }
        if left.idleSeconds != right.idleSeconds { words.append("idle") }
        if left.concurrency != right.concurrency { words.append("concurrency") }
        if left.options != right.options { words.append("options") }
        return words
    }

    private var ladders: [ReportDocument.Block] {
        incident.ladders.filter { $0.vantageProblem == nil && !$0.steps.isEmpty }.prefix(4).flatMap { ladder in
            let rows = ladder.steps.map { step in
                ReportDocument.Row([
                    Line("\(step.timeToLive)"), Line(wording.ladderAnswer(step.answer)), .code(step.from ?? ""),
                    Line(Self.milliseconds(step.seconds)),
                ])
            }
            return [
                ReportDocument.Block.paragraph(Line(wording.ladder(ladder))),
                .table(head: wording.ladderHeads(), rows: rows),
            ]
        }
    }

    /// The provider's own words.
    private var provider: [ReportDocument.Block] {
        incident.records.compactMap { record -> [ReportDocument.Block]? in
            guard case .records(let value) = record.content else { return nil }
            let rows = (value["blocks"]?.array ?? []).prefix(20).map { block in
                ReportDocument.Row([
                    .code(block["source"]?.text ?? "*"), .code(Self.key(block)), .code(block["action"]?.text ?? ""),
                    .code(block["policy"]?.text ?? ""), Line(block["since"]?.text.map { time($0) } ?? ""),
                    Line(block["until"]?.text.map { time($0) } ?? ""),
                ])
            }
            let says = wording.completeness(value["complete"]?.flag ?? false, value["asOf"]?.text.map { time($0) })
            let line = Line.strong(wording.providerRecords) + Line(wording.colon + says)
            return rows.isEmpty
                ? [.paragraph(line)] : [.paragraph(line), .table(head: wording.providerHeads(), rows: rows)]
        }.last ?? []
    }

    private var uplink: [ReportDocument.Block] {
        incident.records.compactMap { record -> ReportDocument.Block? in
            guard case .monitor(let value) = record.content,
                let plot = RatePlot(value, capacity: incident.site?.uplink?.bitsPerSecond, wording)
            else { return nil }
            return .figure(plot.figure(caption: wording.uplinkCaption))
        }.suffix(1)
    }

    static func milliseconds(_ seconds: Double) -> String {
        guard seconds.isFinite, abs(seconds) < 1e9 else { return "" }
        let tenths = Int((seconds * 10000).rounded())
        // The unit stays with its number.
        return "\(tenths / 10).\(abs(tenths % 10))\u{A0}ms"
    }
}
