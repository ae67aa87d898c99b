internal import Foundation

extension ScoreCard {
    /// The card for people: a line for each result, then the figures with their gates, then what failed or was skipped.
    public var text: String {
        var rows = [
            [
                "scenario", "truth", "verdict", "level", "conf.", "remedy", "locus", "cause", "selector", "trigger",
                "memory", "connects", "seconds", "harm",
            ]
        ]
        for result in results {
            guard let scored = result.scored else { continue }
            rows.append(ScoreCard.row(result, scored))
        }
        var parts = rows.count > 1 ? [ScoreCard.aligned(rows, rightFrom: 11)] : []
        parts.append(
            ScoreCard.aligned(
                [["figure", "value", "suggested", ""]]
                    + figures.map { figure in
                        [
                            figure.name, figure.text, figure.gate?.text ?? "",
                            figure.holds.map { $0 ? "held" : "MISSED" } ?? "",
                        ]
                    }
            )
        )
        for (status, word) in [(ScoreResult.Status.failed, "failed"), (.skipped, "skipped")] {
            let lines = results.filter { $0.status == status }.map {
                "\($0.label) \(word): \($0.reason ?? "no reason")"
            }
            if !lines.isEmpty { parts.append(lines.joined(separator: "\n")) }
        }
        return parts.joined(separator: "\n\n")
    }

    private static func row(_ result: ScoreResult, _ scored: ScoreResult.Scored) -> [String] {
        let comparison = scored.comparison
        // A network that is well has no selector, trigger or memory to be found.
        let broken = { (isRight: Bool) in result.isHealthy ? "-" : isRight ? "right" : "WRONG" }
        let any = { (isRight: Bool) in isRight ? "right" : "WRONG" }
        return [
            result.label, result.truth.causes.joined(separator: "+"),
            scored.verdict.causes.isEmpty ? "-" : scored.verdict.causes.joined(separator: "+"), scored.level.rawValue,
            String(format: "%.2f", scored.confidence), any(comparison.remedy), any(comparison.locus),
            any(comparison.cause), broken(comparison.selector), broken(comparison.trigger), broken(comparison.memory),
            "\(scored.suspectConnects)", String(format: "%.1f", scored.seconds),
            scored.harm.map { String(format: "%.0f", $0) } ?? "-",
        ]
    }

    /// Columns under each other.
    /// - Parameter rightFrom: columns from this one on end under each other instead.
    private static func aligned(_ rows: [[String]], rightFrom: Int = .max) -> String {
        var widths: [Int: Int] = [:]
        for row in rows {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column] ?? 0, cell.count) }
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: (widths[column] ?? 0) - cell.count)
                return column >= rightFrom ? padding + cell : cell + padding
            }
            let line = cells.joined(separator: "  ")
            return String(line[...(line.lastIndex { $0 != " " } ?? line.startIndex)])
        }.joined(separator: "\n")
    }
}

extension ScoreResult {
    /// Its name, with seed and network where there are several.
    public var label: String {
        [scenario, seed.map { "#\($0)" }, network].compactMap { $0 }.joined(separator: " ")
    }
}
