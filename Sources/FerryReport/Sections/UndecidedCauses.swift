internal import FerryEvidence

/// One of several causes that look the same from where was looked.
struct UndecidedCause {
    /// Which.
    var cause: String
    /// From 0 to 1; nil if the answer does not tell.
    var probability: Double?
    /// What would have to be done; nil if the answer does not tell.
    var remedy: String?
}

extension ReportWriter {
    /// Whether the verdict is a set. Its mechanism, trigger, memory and remedy are those of the first member only, and so no facts.
    var isUndecided: Bool { verdict.level == .indistinguishable }

    /// The members of the set, each with what is known of it.
    var undecidedCauses: [UndecidedCause] {
        let sets = incident.diagnosis.indistinguishable
        // A file may have the verdict only.
        if sets.isEmpty { return verdict.causes.map { UndecidedCause(cause: $0) } }
        return sets.flatMap { set in
            set.causes.indices.map { index in
                UndecidedCause(
                    cause: set.causes[index],
                    probability: set.probabilities.flatMap { $0.indices.contains(index) ? $0[index] : nil },
                    remedy: set.remedies.flatMap { $0.indices.contains(index) ? $0[index] : nil }
                )
            }
        }
    }

    /// What would part them.
    var separators: [Line] { incident.diagnosis.indistinguishable.compactMap { wording.free($0.separatedBy) } }

    /// A row for each, in the answer's box.
    var undecidedBrief: [(label: String, value: Line)] {
        var facts: [(label: String, value: Line)] = undecidedCauses.map { one in
            let share = one.probability.map(Self.percent) ?? ""
            let remedy = one.remedy.map { wording.word($0, .remedy) } ?? ""
            let parts = [share, remedy].filter { !$0.isEmpty }.map { Line($0) }
            return (label: wording.word(one.cause, .cause), value: Line.joined(parts, wording.semicolon))
        }
        if !separators.isEmpty { facts.append((wording.toldApartBy, .joined(separators, wording.semicolon))) }
        return facts
    }

    var undecidedTable: [ReportDocument.Block] {
        let rows = undecidedCauses.map { one in
            ReportDocument.Row([
                Line(wording.word(one.cause, .cause)), Line(one.probability.map(Self.percent) ?? ""),
                Line(one.remedy.map { wording.word($0, .remedy) } ?? ""), .code(one.cause),
            ])
        }
        return [.table(head: [wording.cause, wording.probability, wording.wouldNeed, ""], rows: rows)]
    }

    /// Nobody is sent off to do what helps in one case only.
    var undecidedRemedy: ReportDocument.Section {
        let separators = separators
        let facts: [ReportDocument.Block] =
            separators.isEmpty ? [] : [.facts([(wording.toldApartBy, .joined(separators, wording.semicolon))])]
        return ReportDocument.Section(
            id: "remedy",
            title: wording.remedyTitle,
            blocks: [.paragraph(Line(wording.undecidedRemedy))] + facts
        )
    }
}
