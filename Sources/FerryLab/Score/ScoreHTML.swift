internal import Foundation

extension ScoreCard {
    /// The card as one file for a browser, which fetches nothing: the figures with their gates, a line for each result, and
    /// which cause was taken for which.
    /// - Parameter by: who diagnosed.
    public func html(by: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Diagnoses by \(ScoreCard.escaped(by))</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>\(ScoreCard.style)</style></head><body>
        <h1>Diagnoses by \(ScoreCard.escaped(by))</h1>
        <p>\(results.count) asked for, \(results.count { $0.status == .scored }) scored, \
        \(results.count { $0.status == .failed }) failed, \(results.count { $0.status == .skipped }) skipped.</p>
        <h2>Figures</h2>
        \(figureTable)
        <h2>Scenarios</h2>
        \(resultTable)
        <h2>What was taken for what</h2>
        <p>A row for each truth, a column for each answer; what is right lies on the shaded fields.</p>
        \(confusionTable)
        </body></html>

        """
    }

    private var figureTable: String {
        let rows = figures.map { figure in
            let mark =
                figure.holds.map { $0 ? "<td class=right>held</td>" : "<td class=wrong>missed</td>" } ?? "<td></td>"
            return "<tr>" + ScoreCard.cells([figure.name, figure.text, figure.gate?.text ?? ""]) + mark + "</tr>"
        }
        return ScoreCard.table(["figure", "value", "gate", ""], rows)
    }

    private var resultTable: String {
        let rows = results.map { result in
            let start = ScoreCard.cells([result.label, result.title, result.truth.causes.joined(separator: " + ")])
            guard let scored = result.scored else {
                let reason = ScoreCard.escaped("\(result.status.rawValue): \(result.reason ?? "")")
                return "<tr>\(start)<td class=wrong colspan=10>\(reason)</td></tr>"
            }
            let comparison = scored.comparison
            let all = [comparison.remedy, comparison.locus, comparison.cause]
            // A network that is well has no selector, trigger or memory to be found.
            let parts = [comparison.selector, comparison.trigger, comparison.memory]
            let marks =
                all.map(ScoreCard.mark).joined()
                + (result.isHealthy ? parts.map { _ in "<td>-</td>" } : parts.map(ScoreCard.mark)).joined()
            let answer = "\(scored.verdict.causes.joined(separator: " + ")), \(scored.level.rawValue)"
            let costs = [
                "\(scored.suspectConnects)", String(format: "%.1f", scored.seconds),
                scored.harm.map { String(format: "%.0f", $0) } ?? "-",
            ]
            return "<tr>" + start + ScoreCard.cells([answer, String(format: "%.2f", scored.confidence)]) + marks
                + ScoreCard.cells(costs) + "</tr>"
        }
        let heads = [
            "scenario", "", "truth", "answer", "confidence", "remedy", "locus", "cause", "selector", "trigger",
            "memory",
            "connects", "seconds", "harm",
        ]
        return ScoreCard.table(heads, rows)
    }

    private var confusionTable: String {
        let confusion = confusion
        let truths = confusion.keys.sorted()
        let others = Set(confusion.values.flatMap(\.keys)).subtracting(truths).sorted()
        // In the same order both ways, so that what is right lies on the diagonal.
        let answers = truths + others
        let rows = truths.map { truth in
            let cells = answers.map { answer in
                let count = confusion[truth]?[answer] ?? 0
                let kind = truth == answer ? "same" : count > 0 ? "wrong" : ""
                return "<td class=\"count \(kind)\">\(count > 0 ? "\(count)" : "")</td>"
            }
            return "<tr><th>\(ScoreCard.escaped(truth))</th>\(cells.joined())</tr>"
        }
        let heads = answers.map { "<th class=up><span>\(ScoreCard.escaped($0))</span></th>" }.joined()
        return
            "<div><table><thead><tr><th></th>\(heads)</tr></thead><tbody>\(rows.joined(separator: "\n"))</tbody></table></div>"
    }

    private static func table(_ heads: [String], _ rows: [String]) -> String {
        let head = heads.map { "<th>\(escaped($0))</th>" }.joined()
        return
            "<div><table><thead><tr>\(head)</tr></thead><tbody>\n\(rows.joined(separator: "\n"))\n</tbody></table></div>"
    }

    private static func cells(_ texts: [String]) -> String { texts.map { "<td>\(escaped($0))</td>" }.joined() }

    private static func mark(_ isRight: Bool) -> String {
        isRight ? "<td class=right>right</td>" : "<td class=wrong>wrong</td>"
    }

    /// A text of which nothing is markup, whoever has written it.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    private static let style = """
        :root { color-scheme: light dark; --line: #8884; --right: #2a7d4f; --wrong: #b3261e; --same: #2a7d4f22; }
        @media (prefers-color-scheme: dark) { :root { --right: #7fd1a1; --wrong: #ff8a80; } }
        body { font: 15px/1.45 system-ui, sans-serif; max-width: 78rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem }
        div { overflow-x: auto }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums }
        th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
        thead th { border-bottom-width: 2px; vertical-align: bottom }
        .right { color: var(--right) } .wrong { color: var(--wrong); font-weight: 600 }
        .count { text-align: center; min-width: 1.4rem } .same { background: var(--same) }
        .up span { writing-mode: vertical-rl; transform: rotate(180deg); font-weight: 400 }
        """
}
