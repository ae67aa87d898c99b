internal import FerryCore

/// A report as Markdown, for tickets and wikis; drawings are in characters.
struct MarkdownReport {
    let report: ReportDocument

    var text: String {
        var lines = ["# \(escaped(report.title))", ""]
        lines += report.facts.map { "- \(escaped($0.label))\(report.colon)\(line($0.value))" }
        lines += ["", "> **\(escaped(report.lead.level))**\(report.colon)\(line(report.lead.sentence))", ">"]
        lines += report.lead.facts.map { "> - \(escaped($0.label))\(report.colon)\(line($0.value))" }
        lines.append("")
        for section in report.sections {
            lines += ["## \(escaped(section.title))", ""]
            for block in section.blocks { lines += self.lines(of: block) + [""] }
        }
        lines += ["---", "", escaped(report.footer)]
        return lines.joined(separator: "\n") + "\n"
    }

    private func lines(of block: ReportDocument.Block) -> [String] {
        switch block {
        case .paragraph(let text): return [line(text)]
        case .list(let items): return items.map { "- \(line($0))" }
        case .facts(let facts): return facts.map { "- **\(escaped($0.label))**\(report.colon)\(line($0.value))" }
        case .table(let head, let rows):
            return ["| \(head.map(escaped).joined(separator: " | ")) |", "|\(head.map { _ in "---|" }.joined())"]
                + rows.map { "| \($0.cells.map(line).joined(separator: " | ")) |" }
        case .figure(let figure):
            return fenced(figure.text) + ["", "*\(escaped(figure.textCaption ?? figure.caption))*"]
        case .preformatted(let text): return fenced(text)
        }
    }

    /// A block that nothing within it can end.
    private func fenced(_ text: String) -> [String] {
        let text = VisibleText.of(text, keepsLines: true)
        var longest = 0
        var run = 0
        for character in text {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return [fence + "text", text.hasSuffix("\n") ? String(text.dropLast()) : text, fence]
    }

    private func line(_ line: Line) -> String {
        line.spans.map { span in
            switch span.style {
            case .plain, .muted, .english, .link: escaped(span.text)
            case .strong, .good, .bad: "**\(escaped(span.text))**"
            case .code: code(span.text)
            }
        }.joined()
    }

    private func code(_ text: String) -> String {
        let text = VisibleText.of(text)
        // A bar would end a table's cell, and a backtick the span.
        guard !text.contains("`"), !text.contains("|"), !text.isEmpty else { return escaped(text) }
        return "`\(text)`"
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        let text = VisibleText.of(text)
        for (index, character) in zip(text.indices, text) {
            // Many renderers make a link of whatever looks like one.
            if character == ":", text[index...].hasPrefix("://") { result.append("\\") }
            if "\\`*_{}[]<>#|~$!&".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
