internal import FerryCore
internal import FerryPacket

/// Draws the time-sequence picture of one side of a connection: a stroke for each segment from its first byte to its last,
/// and the stairs of what was acknowledged.
struct SequencePlot {
    private let points: [TimeSequence.Point]
    private let isOfClient: Bool
    private let span: Double
    private let highest: Double
    private let wording: any Wording

    private static let left = 84.0
    private static let right = 1036.0
    private static let top = 34.0
    private static let bottom = 250.0

    /// Nil if there is nothing that could be drawn.
    init?(_ flow: CapturedFlow, _ wording: any Wording) {
        guard let sequence = flow.sequence else { return nil }
        points = sequence.points
        isOfClient = sequence.isOfClient
        self.wording = wording
        span = Double(max(1, points.map(\.time).max() ?? 0))
        highest = Double(points.filter { $0.kind == .data || $0.kind == .again }.map(\.to).max() ?? 0)
        guard highest > 0 else { return nil }
    }

    func figure() -> ReportDocument.Figure {
        let caption = wording.sequenceCaption(ofClient: isOfClient)
        return ReportDocument.Figure(
            svg: svg(title: caption),
            caption: caption,
            text: text,
            textCaption: wording.sequenceTextCaption(ofClient: isOfClient)
        )
    }

    private func x(_ time: Int64) -> Double {
        Self.left + share(time) * (Self.right - Self.left)
    }

    /// From 0 to 1. In a file whose times jump, packets may be earlier than the first.
    private func share(_ time: Int64) -> Double { min(1, max(0, Double(time) / span)) }

    private func y(_ offset: Int) -> Double {
        let share = min(1.02, max(-0.02, Double(offset) / (highest * 1.08)))
        return Self.bottom - share * (Self.bottom - Self.top)
    }

    private func svg(title: String) -> String {
        var canvas = SVGCanvas(width: 1056, height: Self.bottom + 30)
        canvas.line(Self.left, Self.bottom, Self.right, Self.bottom, "axis")
        canvas.line(Self.left, Self.top, Self.left, Self.bottom, "axis")
        for step in 0...5 {
            let share = Double(step) / 5
            let time = ReportWriter.milliseconds(share * span / 1e9)
            let x = Self.left + share * (Self.right - Self.left)
            canvas.text(time, x, Self.bottom + 18, "small", anchor: step == 5 ? "end" : "middle")
            let bytes = Int(share * highest)
            canvas.line(Self.left - 4, y(bytes), Self.left, y(bytes), "axis")
            canvas.text("\(ByteCount(bytes))", Self.left - 8, y(bytes) + 4, "small", anchor: "end")
        }
        drawStairs(&canvas)
        draw(.data, "data-line", &canvas)
        draw(.again, "again-line", &canvas)
        drawMarks(&canvas)
        drawLegend(&canvas)
        return canvas.svg(title: title)
    }

    /// All strokes of a kind as one path; what falls on one place is drawn once.
    private func draw(_ kind: TimeSequence.Point.Kind, _ style: String, _ canvas: inout SVGCanvas) {
        var drawn: Set<[Int]> = []
        var path = ""
        for point in points where point.kind == kind {
            let (x, from) = (x(point.time), y(point.from))
            // A segment of a long connection is lower than a line is thick.
            let to = min(y(point.to), from - 1.5)
            guard drawn.insert([Int(x * 2), Int(from * 2)]).inserted else { continue }
            path += "M\(SVGCanvas.number(x)) \(SVGCanvas.number(from))V\(SVGCanvas.number(to))"
        }
        if !path.isEmpty { canvas.path(path, style) }
    }

    private func drawStairs(_ canvas: inout SVGCanvas) {
        var path = ""
        var last = (x: -1, y: -1)
        for point in points where point.kind == .acknowledgement {
            let (x, y) = (x(point.time), y(point.from))
            guard (Int(x * 2), Int(y * 2)) != last else { continue }
            last = (Int(x * 2), Int(y * 2))
            path +=
                path.isEmpty
                ? "M\(SVGCanvas.number(x)) \(SVGCanvas.number(y))"
                : "H\(SVGCanvas.number(x))V\(SVGCanvas.number(y))"
        }
        if !path.isEmpty { canvas.path("\(path)H\(SVGCanvas.number(Self.right))", "good-line") }
    }

    private func drawMarks(_ canvas: inout SVGCanvas) {
        var drawn: Set<[Int]> = []
        for point in points {
            let (x, y) = (x(point.time), y(point.from))
            let isRight = x > 900
            guard drawn.insert([Int(x / 6), Int(y / 6), point.kind == .reset ? 1 : 0]).inserted || point.kind == .data
            else { continue }
            let word: String
            switch point.kind {
            case .opening: word = "SYN"
            case .end: word = "FIN"
            case .reset:
                canvas.line(x, Self.top, x, Self.bottom, "guide")
                canvas.cross(x, y, 5, "bad-line")
                word = "RST"
            case .data, .again, .acknowledgement: continue
            }
            canvas.text(
                word,
                isRight ? x - 8 : x + 8,
                y - 6,
                point.kind == .reset ? "bad" : "small",
                anchor: isRight ? "end" : "start"
            )
        }
    }

    private func drawLegend(_ canvas: inout SVGCanvas) {
        var x = Self.left
        for (style, word) in [
            ("data-line", wording.sequenceData), ("again-line", wording.sequenceAgain),
            ("good-line", wording.sequenceAcknowledged),
        ] {
            canvas.line(x, 14, x + 18, 14, style)
            canvas.text(word, x + 24, 18, "small")
            x += 40 + TextMetrics.width(word, size: 10.5)
        }
    }

    /// The same in characters: `.` new data, `R` data sent again, `x` a reset.
    private var text: String {
        let (columns, rows) = (60, 10)
        var cells = [[Character]](repeating: [Character](repeating: " ", count: columns), count: rows)
        for point in points {
            let column = Int(share(point.time) * Double(columns - 1))
            let row = Int(min(1, max(0, Double(point.from) / highest)) * Double(rows - 1))
            switch point.kind {
            case .data where cells[row][column] == " ": cells[row][column] = "."
            case .again where cells[row][column] != "x": cells[row][column] = "R"
            case .reset: cells[row][column] = "x"
            default: continue
            }
        }
        let most = "\(ByteCount(Int(highest)))"
        var lines = [most]
        lines += cells.reversed().map { "|" + String($0).trimmingEnd }
        let end = ReportWriter.milliseconds(span / 1e9)
        lines.append("+" + String(repeating: "-", count: columns))
        lines.append(" 0" + String(repeating: " ", count: max(1, columns - 1 - end.count)) + end)
        lines.append(". \(wording.sequenceData)   R \(wording.sequenceAgain)   x RST")
        return lines.joined(separator: "\n")
    }
}

extension String {
    /// Without spaces at its end.
    fileprivate var trimmingEnd: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
