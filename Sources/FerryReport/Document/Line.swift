/// A line of text whose parts may look different. Whatever stands in it is text: nothing of it is ever markup.
struct Line: Equatable, ExpressibleByStringLiteral {
    enum Style: Equatable {
        case plain
        case strong
        /// Words of a machine: names, addresses, outcomes.
        case code
        /// What works.
        case good
        /// What does not.
        case bad
        case muted
        /// A sentence that only English has.
        case english
        /// A link to a place in the report.
        case link(String)
    }

    struct Span: Equatable {
        var text: String
        var style: Style
    }

    var spans: [Span] = []

    init(_ text: String, _ style: Style = .plain) { if !text.isEmpty { spans = [Span(text: text, style: style)] } }
    init(stringLiteral text: String) { self.init(text) }

    static func code(_ text: String) -> Line { Line(text, .code) }
    static func strong(_ text: String) -> Line { Line(text, .strong) }
    static func mark(_ text: String, isGood: Bool) -> Line { Line(text, isGood ? .good : .bad) }

    static func + (left: Line, right: Line) -> Line {
        var line = left
        line.spans += right.spans
        return line
    }

    /// The lines with `separator` between them.
    static func joined(_ lines: [Line], _ separator: String) -> Line {
        var result = Line("")
        for (index, line) in lines.enumerated() {
            if index > 0 { result = result + Line(separator) }
            result = result + line
        }
        return result
    }

    var isEmpty: Bool { spans.isEmpty }
    /// Without its styles.
    var text: String { spans.map(\.text).joined() }
}
