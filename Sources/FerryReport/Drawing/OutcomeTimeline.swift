internal import FerryCore
internal import FerryEvidence

/// Draws when connections of the move worked and when they did not, a row for each source server, and the probes beneath.
struct OutcomeTimeline {
    struct Mark: Equatable {
        var time: UTCTime
        var worked: Bool
    }

    /// A moment that is told over the drawing.
    struct Notice {
        var time: UTCTime
        var text: String
    }

    var rows: [(name: String, marks: [Mark])]
    var diagnosis: ClosedRange<UTCTime>?
    var notices: [Notice]
    let wording: any Wording

    private static let mostServers = 18
    private static let left = 150.0

    init(_ incident: Incident, notices: [Notice], _ wording: any Wording) {
        self.wording = wording
        self.notices = notices
        let events = Impact.concerned(incident)
        var servers: [String: [Mark]] = [:]
        for event in events { servers[event.server, default: []].append(Mark(time: event.time, worked: event.worked)) }
        // Those that fail are what is looked for.
        let names = servers.keys.sorted { left, right in
            let (a, b) = (servers[left] ?? [], servers[right] ?? [])
            let (fails, otherFails) = (a.contains { !$0.worked }, b.contains { !$0.worked })
            return fails == otherFails ? left < right : fails
        }
        rows = names.prefix(Self.mostServers).map { ($0, servers[$0] ?? []) }
        let rest = names.dropFirst(Self.mostServers)
        if !rest.isEmpty { rows.append((wording.otherServers(rest.count), rest.flatMap { servers[$0] ?? [] })) }
        let probes: [Mark] = incident.probes.compactMap { probe in
            guard probe.vantageProblem == nil, let time = UTCTime(parsing: probe.startedAt) else { return nil }
            return Mark(time: time, worked: probe.outcome.worked)
        }
        if !probes.isEmpty { rows.append((wording.probes, probes)) }
        let began = incident.diagnosis.startedAt.flatMap { UTCTime(parsing: $0) }
        if let began, let end = incident.end, began <= end { diagnosis = began...end }
    }

    /// Nil if there is nothing to draw.
    func figure(caption: String) -> ReportDocument.Figure? {
        let times = rows.flatMap { $0.marks.map(\.time) } + notices.map(\.time)
        guard rows.contains(where: { !$0.marks.isEmpty }), let first = times.min(), let last = times.max() else {
            return nil
        }
        return ReportDocument.Figure(svg: svg(times, title: caption), caption: caption, text: text(first, last))
    }

    private func svg(_ times: [UTCTime], title: String) -> String {
        let top = 14.0 + Double(notices.count) * 14
        var canvas = SVGCanvas(width: 1056, height: top + Double(rows.count) * 22 + 44)
        let bottom = top + Double(rows.count) * 22
        let axis = TimeAxis(
            of: times + (diagnosis.map { [$0.lowerBound, $0.upperBound] } ?? []),
            left: Self.left,
            right: 1040
        )
        axis.draw(&canvas, top: top, y: bottom)
        if let diagnosis {
            let from = axis.x(diagnosis.lowerBound)
            canvas.box(from, top, max(2, axis.x(diagnosis.upperBound) - from), bottom - top, "band", round: 0)
        }
        for (number, notice) in notices.enumerated() {
            let x = axis.x(notice.time)
            let y = 10 + Double(number) * 14
            canvas.line(x, y + 3, x, bottom, "guide")
            let isRight = x > 700
            canvas.text(notice.text, isRight ? x - 4 : x + 4, y + 1, "small", anchor: isRight ? "end" : "start")
        }
        for (number, row) in rows.enumerated() {
            let y = top + Double(number) * 22 + 12
            let name = TextMetrics.cut(row.name, width: Self.left - 16, size: 12)
            canvas.text(name, Self.left - 10, y + 4, anchor: "end")
            var drawn: Set<[Int]> = []
            for mark in row.marks {
                let x = axis.x(mark.time)
                // What falls on one place is one mark: a log of a week has more ends than a screen has points.
                guard drawn.insert([Int(x * 2), mark.worked ? 1 : 0]).inserted else { continue }
                if mark.worked { canvas.circle(x, y, 3.2, "good") } else { canvas.cross(x, y, 3.6, "bad-line") }
            }
        }
        let y = bottom + 36
        canvas.circle(Self.left + 4, y - 4, 3.2, "good")
        canvas.text(wording.worked, Self.left + 14, y, "small")
        canvas.cross(Self.left + 124, y - 4, 3.6, "bad-line")
        canvas.text(wording.failed, Self.left + 134, y, "small")
        if diagnosis != nil {
            canvas.box(Self.left + 240, y - 11, 14, 12, "band", round: 2)
            canvas.text(wording.diagnosisRan, Self.left + 260, y, "small")
        }
        return canvas.svg(title: title)
    }

    /// A row of characters for each server: `o` where all worked, `x` where something failed.
    private func text(_ first: UTCTime, _ last: UTCTime) -> String {
        let columns = 60
        let span = max(1, last.microseconds - first.microseconds)
        let width = min(24, rows.map { TextMetrics.columns($0.name) }.max() ?? 0)
        var lines = rows.map { row in
            var cells = [Character](repeating: "·", count: columns)
            for mark in row.marks {
                let share = Double(mark.time.microseconds - first.microseconds) / Double(span)
                let column = min(columns - 1, max(0, Int(share * Double(columns))))
                if cells[column] != "x" { cells[column] = mark.worked ? "o" : "x" }
            }
            return "\(TextMetrics.padded(row.name, width))  \(String(cells))"
        }
        let from = wording.time(first, isExact: false)
        let to = wording.time(last, isExact: false)
        lines.append(
            "\(TextMetrics.padded("", width))  \(TextMetrics.padded(from, columns - TextMetrics.columns(to)))\(to)"
        )
        lines.append("o \(wording.worked)   x \(wording.failed)")
        return lines.joined(separator: "\n")
    }
}
