internal import FerryCore

/// Writes a drawing as SVG, in the classes of the report's style.
struct SVGCanvas {
    private var elements: [String] = []
    let width: Double
    var height: Double

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    /// The drawing.
    /// - Parameter title: for who cannot see it.
    func svg(title: String) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(SVGCanvas.number(width)) \(SVGCanvas.number(height))" role="img">
        <title>\(HTMLText.escaped(title))</title>
        \(elements.joined(separator: "\n"))
        </svg>
        """
    }

    mutating func text(_ text: String, _ x: Double, _ y: Double, _ kind: String = "", anchor: String = "start") {
        let anchored = anchor == "start" ? "" : " text-anchor=\"\(anchor)\""
        let classed = kind.isEmpty ? "" : " class=\"\(kind)\""
        elements.append(
            "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\"\(classed)\(anchored)>\(HTMLText.escaped(text))</text>"
        )
    }

    mutating func box(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ kind: String, round: Double = 6) {
        elements.append(
            "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(width))\" "
                + "height=\"\(Self.number(height))\" rx=\"\(Self.number(round))\" class=\"\(kind)\"/>"
        )
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ kind: String) {
        path("M\(Self.number(x1)) \(Self.number(y1))L\(Self.number(x2)) \(Self.number(y2))", kind)
    }

    mutating func path(_ path: String, _ kind: String) {
        elements.append("<path d=\"\(path)\" class=\"\(kind)\"/>")
    }

    /// A line through points.
    mutating func curve(_ points: [(x: Double, y: Double)], _ kind: String) {
        guard let first = points.first else { return }
        let rest = points.dropFirst().map { "L\(Self.number($0.x)) \(Self.number($0.y))" }
        path("M\(Self.number(first.x)) \(Self.number(first.y))\(rest.joined())", kind)
    }

    mutating func circle(_ x: Double, _ y: Double, _ radius: Double, _ kind: String) {
        elements.append(
            "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" r=\"\(Self.number(radius))\" class=\"\(kind)\"/>"
        )
    }

    mutating func cross(_ x: Double, _ y: Double, _ size: Double, _ kind: String) {
        let number = Self.number
        path(
            "M\(number(x - size)) \(number(y - size))L\(number(x + size)) \(number(y + size))"
                + "M\(number(x - size)) \(number(y + size))L\(number(x + size)) \(number(y - size))",
            kind
        )
    }

    mutating func arrowhead(_ x: Double, _ y: Double, toRight: Bool, _ kind: String) {
        let back = toRight ? x - 7 : x + 7
        path(
            "M\(Self.number(back)) \(Self.number(y - 4.5))L\(Self.number(x)) \(Self.number(y))L\(Self.number(back)) \(Self.number(y + 4.5))",
            kind
        )
    }

    /// With at most one decimal.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
    }
}
