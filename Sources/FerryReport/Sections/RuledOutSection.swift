internal import FerryEvidence

extension ReportWriter {
    /// What it is not, and by what that is known; what it may be all the same; what nobody has looked for.
    var ruledOut: ReportDocument.Section? {
        let document = incident.diagnosis
        var blocks: [ReportDocument.Block] = []
        let kept = Set(document.verdict.causes + document.alternatives.flatMap(\.causes))
        var order: [String] = []
        var against: [String: [String]] = [:]
        for one in EvidenceGroup.all(of: document.evidence) {
            for cause in one.against where !kept.contains(cause) {
                if against[cause] == nil { order.append(cause) }
                against[cause, default: []].append(one.id)
            }
        }
        if !order.isEmpty {
            let rows = order.map { cause in
                let links = (against[cause] ?? []).map { Line($0, .link($0)) }
                return ReportDocument.Row([Line(wording.word(cause, .cause)), .joined(links, ", "), .code(cause)])
            }
            blocks.append(.paragraph(Line(wording.ruledOutIntroduction)))
            blocks.append(.table(head: [wording.cause, wording.by, ""], rows: rows))
        } else {
            blocks.append(.paragraph(Line(wording.nothingRuledOut)))
        }
        // A cause of the set, with another remedy, is no other cause.
        let alternatives = document.alternatives.filter {
            !isUndecided || Set($0.causes).isDisjoint(with: document.verdict.causes)
        }
        if !alternatives.isEmpty {
            let rows = alternatives.map { one in
                ReportDocument.Row([
                    Line(causes(one.causes)), Line(Self.percent(one.probability)),
                    Line(one.remedy.map { wording.word($0, .remedy) } ?? ""),
                ])
            }
            blocks.append(.paragraph(.strong(wording.alternatives)))
            blocks.append(.table(head: [wording.cause, wording.probability, wording.wouldNeed], rows: rows))
        }
        if !document.untestedRivals.isEmpty {
            blocks.append(.paragraph(.strong(wording.untested)))
            blocks.append(
                .list(
                    document.untestedRivals.map { one in
                        let name = Line(wording.word(one.cause, .cause))
                        return wording.free(one.why).map { name + Line(wording.colon) + $0 } ?? name
                    }
                )
            )
        }
        // A verdict that is a set has it in the conclusion.
        if !document.indistinguishable.isEmpty, !isUndecided {
            blocks.append(.paragraph(.strong(wording.indistinguishable)))
            blocks.append(
                .list(
                    document.indistinguishable.map { one in
                        let names = causes(one.causes)
                        return wording.free(one.separatedBy).map { Line(wording.separatedBy(names)) + $0 }
                            ?? Line(names)
                    }
                )
            )
        }
        return ReportDocument.Section(id: "ruled-out", title: wording.ruledOutTitle, blocks: blocks)
    }
}
