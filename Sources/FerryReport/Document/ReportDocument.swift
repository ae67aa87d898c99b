/// A report before it has a format: the same for HTML and for Markdown.
struct ReportDocument {
    enum Block {
        case paragraph(Line)
        case list([Line])
        case facts([(label: String, value: Line)])
        case table(head: [String], rows: [Row])
        case figure(Figure)
        case preformatted(String)
    }

    struct Row {
        var cells: [Line]
        /// What links lead to.
        var anchor: String?
    }

    struct Figure {
        /// The drawing.
        var svg: String
        /// What it shows, under it.
        var caption: String
        /// The same for who sees no drawing, in characters of one width.
        var text: String
        /// Under that, where it does not have what the caption tells of the drawing.
        var textCaption: String?
    }

    struct Section {
        var id: String
        var title: String
        var blocks: [Block]
    }

    /// The language's tag, as `zh-CN`.
    var language: String
    var title: String
    /// Under the title.
    var facts: [(label: String, value: Line)]
    /// The answer in a box.
    var lead: Lead
    var sections: [Section]
    var footer: String
    /// Over the list of sections.
    var contents: String
    /// Between a label and what it labels, where they stand on one line.
    var colon: String

    struct Lead {
        /// Whether something is wrong.
        var isFault: Bool
        var level: String
        var sentence: Line
        var facts: [(label: String, value: Line)]
    }
}

extension ReportDocument.Row {
    init(_ cells: [Line]) { self.init(cells: cells, anchor: nil) }
}
