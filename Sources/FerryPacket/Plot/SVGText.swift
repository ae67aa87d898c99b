/// An SVG picture, written piece by piece.
struct SVGText {
    private var body: String

    init(width: Int, height: Int) {
        body = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)">
            <style>
            rect { fill: #fff } text { font-family: sans-serif; fill: #333 }
            path, line { fill: none; stroke-width: 1 } .axis { stroke: #888 }
            .data { stroke: #222 } .again { stroke: #d62728; stroke-width: 2 } .late { stroke: #ff7f0e; stroke-width: 2 }
            .sack { stroke: #9467bd } .ack { stroke: #2ca02c } .window { stroke: #1f77b4; stroke-dasharray: 4 3 }
            .reset { fill: #d62728 } .note { fill: #555 }
            </style>
            <rect width="\(width)" height="\(height)"/>

            """
        legend(width)
    }

    private mutating func legend(_ width: Int) {
        let words = [
            ("data", "data"), ("again", "sent again"), ("late", "out of order"), ("ack", "acknowledged"),
            ("window", "window"), ("sack", "selective"),
        ]
        for (index, (kind, word)) in words.enumerated() {
            let x = width - 560 + index * 92
            line(x, 36, x + 14, 36, kind)
            text(x + 18, 40, word, size: 10)
        }
    }

    mutating func text(_ x: Int, _ y: Int, _ text: String, size: Int) {
        body += "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(size)\">\(SVGText.escaped(text))</text>\n"
    }

    mutating func line(_ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int, _ kind: String) {
        body += "<line class=\"\(kind)\" x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\"/>\n"
    }

    mutating func bar(_ x: Double, _ from: Double, _ to: Double, _ kind: String) {
        body += "<path class=\"\(kind)\" d=\"M\(SVGText.short(x)) \(SVGText.short(from))V\(SVGText.short(to))\"/>\n"
    }

    mutating func mark(_ x: Double, _ y: Double, _ text: String, _ kind: String) {
        body += "<circle class=\"\(kind)\" cx=\"\(SVGText.short(x))\" cy=\"\(SVGText.short(y))\" r=\"3\"/>\n"
        body += "<text x=\"\(SVGText.short(x + 5))\" y=\"\(SVGText.short(y - 3))\" font-size=\"10\">\(text)</text>\n"
    }

    /// What is told at a point holds until the next, and the last until `end`.
    mutating func stairs(_ points: [(Double, Double)], until end: Int, _ kind: String) {
        guard let first = points.first else { return }
        var path = "M\(SVGText.short(first.0)) \(SVGText.short(first.1))"
        for (x, y) in points.dropFirst() { path += "H\(SVGText.short(x))V\(SVGText.short(y))" }
        body += "<path class=\"\(kind)\" d=\"\(path)H\(end)\"/>\n"
    }

    var finished: String { body + "</svg>\n" }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            default: escaped.append(character)
            }
        }
        return escaped
    }

    /// One decimal: a tenth of a pixel.
    private static func short(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        return "\(sign)\(abs(tenths) / 10)" + (tenths % 10 == 0 ? "" : ".\(abs(tenths) % 10)")
    }
}
