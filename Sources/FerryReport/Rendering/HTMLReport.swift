/// A report as one HTML file, which fetches nothing and runs nothing.
struct HTMLReport {
    let report: ReportDocument

    var text: String {
        let escape = { (text: String) in HTMLText.escaped(text) }
        let contents = report.sections.map { "<li><a href=\"#\(HTMLText.anchor($0.id))\">\(escape($0.title))</a></li>" }
        return """
            <!DOCTYPE html>
            <html lang="\(escape(report.language))">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
            <title>\(escape(report.title))</title>
            <style>
            \(HTMLReport.style)
            </style>
            </head>
            <body>
            <header>
            <h1>\(escape(report.title))</h1>
            \(facts(report.facts, "about"))
            </header>
            \(lead(report.lead))
            <nav aria-label="\(escape(report.contents))">
            <ol>
            \(contents.joined(separator: "\n"))
            </ol>
            </nav>
            <main>
            \(report.sections.map(section).joined(separator: "\n"))
            </main>
            <footer>\(escape(report.footer))</footer>
            </body>
            </html>

            """
    }

    private func lead(_ lead: ReportDocument.Lead) -> String {
        """
        <section class="lead \(lead.isFault ? "fault" : "well")" aria-label="\(HTMLText.escaped(lead.level))">
        <p class="level">\(HTMLText.escaped(lead.level))</p>
        <p class="answer">\(line(lead.sentence))</p>
        \(facts(lead.facts, "brief"))
        </section>
        """
    }

    private func section(_ section: ReportDocument.Section) -> String {
        """
        <section id="\(HTMLText.anchor(section.id))">
        <h2>\(HTMLText.escaped(section.title))</h2>
        \(section.blocks.map(block).joined(separator: "\n"))
        </section>
        """
    }

    private func block(_ block: ReportDocument.Block) -> String {
        switch block {
        case .paragraph(let text): return "<p>\(line(text))</p>"
        case .list(let items): return "<ul>\(items.map { "<li>\(line($0))</li>" }.joined(separator: "\n"))</ul>"
        case .facts(let facts): return self.facts(facts, "facts")
        case .table(let head, let rows):
            let heads = head.map { "<th scope=\"col\">\(HTMLText.escaped($0))</th>" }.joined()
            let body = rows.map { row in
                let anchor = row.anchor.map { " id=\"\(HTMLText.anchor($0))\"" } ?? ""
                return "<tr\(anchor)>\(row.cells.map { "<td>\(line($0))</td>" }.joined())</tr>"
            }
            return """
                <div class="wide"><table\(HTMLReport.width(head.count))><thead><tr>\(heads)</tr></thead><tbody>
                \(body.joined(separator: "\n"))
                </tbody></table></div>
                """
        case .figure(let figure):
            return """
                <figure><div class="wide">
                \(figure.svg)
                </div><figcaption>\(HTMLText.escaped(figure.caption))</figcaption></figure>
                """
        case .preformatted(let text): return "<pre>\(HTMLText.escaped(text, keepsLines: true))</pre>"
        }
    }

    /// On a narrow screen two columns fit, and many need more room than a few, or their text stands one character in a row.
    private static func width(_ columns: Int) -> String {
        if columns <= 2 { return " class=\"few\"" }
        return columns >= 6 ? " class=\"many\"" : ""
    }

    private func facts(_ facts: [(label: String, value: Line)], _ kind: String) -> String {
        let items = facts.map { "<div><dt>\(HTMLText.escaped($0.label))</dt><dd>\(line($0.value))</dd></div>" }
        return "<dl class=\"\(kind)\">\(items.joined(separator: "\n"))</dl>"
    }

    private func line(_ line: Line) -> String {
        line.spans.map { span in
            let text = HTMLText.escaped(span.text)
            return switch span.style {
            case .plain: text
            case .strong: "<strong>\(text)</strong>"
            case .code: "<code>\(text)</code>"
            case .good: "<span class=\"good\">\(text)</span>"
            case .bad: "<span class=\"bad\">\(text)</span>"
            case .muted: "<span class=\"muted\">\(text)</span>"
            case .english: "<span lang=\"en\">\(text)</span>"
            case .link(let place): "<a href=\"#\(HTMLText.anchor(place))\">\(text)</a>"
            }
        }.joined()
    }
}
