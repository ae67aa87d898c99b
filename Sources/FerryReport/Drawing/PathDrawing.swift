internal import FerryEvidence

/// Draws the path with the locus marked, and under it every probe from where it was made to where it came.
struct PathDrawing {
    let path: KnownPath
    let rows: [Scope.Row]
    let vantages: [Site.Vantage]
    /// What stands at the places that are marked.
    let mark: String
    let wording: any Wording

    private static let step = 118.0
    private static let boxWidth = 106.0
    private static let rowHeight = 34.0
    private static let mostRows = 16

    private var shown: ArraySlice<Scope.Row> { rows.prefix(Self.mostRows) }

    func figure(caption: String) -> ReportDocument.Figure {
        ReportDocument.Figure(
            svg: svg(title: caption),
            caption: caption,
            text: text,
            textCaption: wording.topologyTextCaption
        )
    }

    private func left(_ place: Int) -> Double { 6 + Double(place) * Self.step }
    private func middle(_ place: Int) -> Double { left(place) + Self.boxWidth / 2 }

    private func svg(title: String) -> String {
        let titles = KnownPath.places.map {
            TextMetrics.wrapped(wording.place($0), width: Self.boxWidth - 12, size: 12, most: 2)
        }
        let names = KnownPath.places.map { place in
            (path.names[place] ?? []).prefix(4).flatMap {
                TextMetrics.wrapped($0, width: Self.boxWidth - 14, size: 10.5, most: 2)
            }
        }
        let titleLines = titles.map(\.count).max() ?? 1
        let nameLines = names.map(\.count).max() ?? 0
        let marks = TextMetrics.wrapped("✖ \(mark)", width: Self.step - 4, size: 12 * TextMetrics.boldness, most: 2)
        let boxTop = 10 + Double(marks.count) * 14
        let boxHeight = 14 + Double(titleLines) * 15 + Double(nameLines) * 13
        let pills = KnownPath.places.indices.map { place in
            vantages.filter { KnownPath.index(of: $0.position) == place }
        }
        let pillRows = pills.map(\.count).max() ?? 0
        let pillTop = boxTop + boxHeight + 12
        let rowTop = pillTop + Double(pillRows) * 21 + 16
        var canvas = SVGCanvas(
            width: left(KnownPath.places.count - 1) + Self.boxWidth + 6,
            height: rowTop + Double(shown.count) * Self.rowHeight + 6
        )
        for (index, place) in KnownPath.places.enumerated() {
            let isMarked = path.marked.contains(place)
            if index > 0 {
                let y = boxTop + boxHeight / 2
                canvas.line(left(index - 1) + Self.boxWidth, y, left(index), y, "axis")
            }
            canvas.box(left(index), boxTop, Self.boxWidth, boxHeight, isMarked ? "locus" : "box")
            for (number, line) in titles[index].enumerated() {
                canvas.text(line, middle(index), boxTop + 17 + Double(number) * 15, "title", anchor: "middle")
            }
            for (number, line) in names[index].enumerated() {
                let y = boxTop + 17 + Double(titleLines) * 15 + Double(number) * 13
                canvas.text(line, middle(index), y, "small", anchor: "middle")
            }
            if isMarked {
                for (number, line) in marks.enumerated() {
                    canvas.text(line, middle(index), 15 + Double(number) * 14, "bad", anchor: "middle")
                }
                if !shown.isEmpty {
                    canvas.line(middle(index), boxTop + boxHeight, middle(index), canvas.height, "guide")
                }
            }
            for (number, vantage) in pills[index].enumerated() {
                let y = pillTop + Double(number) * 21
                canvas.box(left(index) + 3, y, Self.boxWidth - 6, 18, "box", round: 9)
                let name = TextMetrics.cut("◉ \(vantage.name)", width: Self.boxWidth - 18, size: 10.5)
                canvas.text(name, middle(index), y + 12.5, "small", anchor: "middle")
            }
        }
        for (number, row) in shown.enumerated() {
            draw(row, at: rowTop + Double(number) * Self.rowHeight + 20, &canvas)
        }
        return canvas.svg(title: title)
    }

    private func draw(_ row: Scope.Row, at y: Double, _ canvas: inout SVGCanvas) {
        let start = KnownPath.index(of: row.position)
        let end = destination(of: row)
        let isGood = row.worked == row.count
        let kind = isGood ? "good" : "bad"
        // What fails is drawn as far as the place that is held to be at fault, if that lies between.
        let between = min(start, end)...max(start, end)
        let stop = isGood ? end : path.marked.map(KnownPath.index).filter(between.contains).min() ?? end
        let from = middle(start)
        let to = start == stop ? from + 30 : middle(stop)
        canvas.circle(from, y, 3, kind)
        canvas.line(from, y, isGood ? to - 1 : to - (to > from ? 6 : -6), y, "\(kind)-line")
        if isGood {
            canvas.arrowhead(to, y, toRight: to >= from, "good-line")
        } else {
            canvas.cross(to, y, 4.5, "bad-line")
        }
        let size = 12 * TextMetrics.boldness
        let label = TextMetrics.cut(label(of: row), width: canvas.width - 8, size: size)
        let width = TextMetrics.width(label, size: size)
        // Above its line where that is long enough for it to be seen as its; within the drawing in any case.
        let x = min(max(min(from, to), 4), canvas.width - width - 4)
        canvas.text(label, max(4, x), y - 7, kind)
    }

    private func destination(of row: Scope.Row) -> Int {
        switch row.destination {
        case .suspect, .control, .alternatePort: KnownPath.index(of: .service)
        case .other(_, .sameRegion): KnownPath.index(of: .cloudNetwork)
        case .other: KnownPath.index(of: .transit)
        }
    }

    private func label(of row: Scope.Row) -> String {
        let from = row.source.map { wording.called(row.vantage, $0) } ?? row.vantage
        let outcomes = row.outcomes.map { "\($0.outcome.rawValue) ×\($0.count)" }.joined(separator: ", ")
        return "\(from) → \(ScopeSection.destination(row, wording))\(wording.colon)\(outcomes)"
    }

    /// The same in characters, from the source downwards.
    private var text: String {
        let width = (KnownPath.places.map { TextMetrics.columns(wording.place($0)) }.max() ?? 0) + 3
        var lines: [String] = []
        for (index, place) in KnownPath.places.enumerated() {
            if index > 0 { lines.append("     |") }
            let isMarked = path.marked.contains(place)
            let names = (path.names[place] ?? []).joined(separator: ", ")
            let seen = vantages.filter { KnownPath.index(of: $0.position) == index }.map { "(o) \($0.name)" }
            let rest = ([names] + seen + (isMarked ? ["<== \(mark)"] : [])).filter { !$0.isEmpty }
            let start = "\(isMarked ? " XX" : "   ")  \(TextMetrics.padded(wording.place(place), width))"
            lines.append((start + rest.joined(separator: "  ")).trimmed)
        }
        lines.append("")
        for row in shown { lines.append("\(row.worked == row.count ? "ok  " : "FAIL") \(label(of: row))") }
        return lines.joined(separator: "\n")
    }
}

extension String {
    /// Without spaces at its end.
    fileprivate var trimmed: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
