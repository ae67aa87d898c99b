internal import FerryEvidence

extension ReportWriter {
    var conclusion: ReportDocument.Section? {
        var facts: [(label: String, value: Line)] = [
            (wording.verdict, .strong(wording.level(verdict.level)) + Line(" (\(Self.percent(verdict.confidence)))"))
        ]
        if !isUndecided { facts.append((wording.cause, Line(causes(verdict.causes)) + identifiers(verdict.causes))) }
        if isFault { facts.append((wording.locus, Line(places(verdict.loci)) + identifiers(verdict.loci))) }
        if isFault, !isUndecided { facts += howItActs }
        if let rate = incident.diagnosis.rate { facts.append((wording.rate, Line(wording.rate(rate)))) }
        let answer = wording.answer(
            causes: verdict.causes.map { wording.word($0, .cause) },
            places: verdict.loci.map(place),
            verdict
        )
        return ReportDocument.Section(
            id: "conclusion",
            title: wording.conclusionTitle,
            blocks: [.paragraph(Line(answer))] + (isConfirmed ? [.paragraph(Line(wording.remedyHelped))] : [])
                + [.facts(facts)] + (isUndecided ? undecidedTable : [])
        )
    }

    private var howItActs: [(label: String, value: Line)] {
        let selector =
            verdict.selector.isEmpty
            ? wording.selectsAll : wording.list(verdict.selector.map { wording.word($0, .selector) })
        return [
            (wording.mechanism, Line(wording.word(verdict.mechanism, .mechanism)) + identifiers([verdict.mechanism])),
            (wording.selector, Line(selector) + identifiers(verdict.selector)),
            (wording.memory, Line(wording.memory(verdict.memory)) + identifiers([verdict.memory.kind])),
        ]
    }

    /// The words of `ferry.diagnosis/1`, for whoever compares reports.
    private func identifiers(_ words: [String]) -> Line {
        words.isEmpty ? "" : Line(" ") + .joined(words.map { Line.code($0) }, " ")
    }

    var trigger: ReportDocument.Section? {
        guard isFault, !isUndecided else { return nil }
        return ReportDocument.Section(
            id: "trigger",
            title: wording.triggerTitle,
            blocks: [
                .facts([
                    (wording.trigger, Line(wording.word(verdict.trigger, .trigger)) + identifiers([verdict.trigger]))
                ]),
                .paragraph(Line(wording.triggerSentence(verdict.trigger))),
            ] + (verdict.memory.kind == "renewed-by-hits" ? [.paragraph(Line(wording.triggerAdvice))] : [])
        )
    }
}
