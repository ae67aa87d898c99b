internal import FerryCore
internal import FerryEvidence

/// What of a site fails and what works.
enum ScopeSection {
    /// A destination with what it is to the suspect.
    static func destination(_ row: Scope.Row, _ wording: any Wording) -> String {
        let end = Place.text(row.host, row.port)
        switch row.destination {
        case .suspect: return end
        case .control: return wording.called(end, wording.control)
        case .alternatePort: return wording.called(end, wording.alternatePort)
        case .other(let name, let relation):
            let what = name ?? relation.map(wording.relation)
            return what.map { wording.called(end, $0) } ?? end
        }
    }
}

extension ReportWriter {
    var scopeSection: ReportDocument.Section? {
        guard !scope.rows.isEmpty else {
            return ReportDocument.Section(
                id: "scope",
                title: wording.scopeTitle,
                blocks: [.paragraph(Line(wording.noProbes))]
            )
        }
        let rows = scope.rows.map { row in
            ReportDocument.Row([
                .code(row.vantage), Line(wording.place(row.position)),
                row.source.map { .code($0) } ?? Line(wording.unknown),
                Line(ScopeSection.destination(row, wording)),
                Line.joined(row.outcomes.map { outcome(.code($0.outcome.rawValue), $0.count) }, ", "),
                .mark(wording.times(row.worked, of: row.count), isGood: row.worked == row.count),
            ])
        }
        var blocks: [ReportDocument.Block] = [.paragraph(Line(wording.scopeIntroduction))]
        blocks.append(
            .table(
                head: [
                    wording.vantage, wording.position, wording.sourceAddress, wording.destination, wording.result,
                    wording.workedTitle,
                ],
                rows: rows
            )
        )
        let failing = unique(scope.rows.filter { $0.worked == 0 }.map(way))
        let working = unique(scope.rows.filter { $0.worked == $0.count }.map(way))
        let sometimes = unique(
            scope.rows.filter { $0.worked > 0 && $0.worked < $0.count }.map {
                way($0) + Line(" (\(wording.times($0.worked, of: $0.count)))")
            }
        )
        for (what, ways) in [
            (wording.scopeFails, failing), (wording.scopeWorksSometimes, sometimes), (wording.scopeWorks, working),
        ] where !ways.isEmpty {
            blocks.append(.paragraph(Line(what) + .joined(ways, wording.list(["", ""]))))
        }
        return ReportDocument.Section(id: "scope", title: wording.scopeTitle, blocks: blocks)
    }

    private func outcome(_ line: Line, _ count: Int) -> Line { line + Line(" ×\(count)") }

    /// The same address may have been left by from several places.
    private func unique(_ lines: [Line]) -> [Line] {
        lines.enumerated().filter { index, line in !lines[..<index].contains(line) }.map(\.element)
    }

    private func way(_ row: Scope.Row) -> Line {
        .code("\(row.source ?? row.vantage) → \(Place.text(row.host, row.port))")
    }
}
