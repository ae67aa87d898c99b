internal import FerryEvidence

/// The answer for a person.
struct VerdictText {
    let document: DiagnosisDocument
    let folder: String?

    var text: String {
        let verdict = document.verdict
        var lines: [String] = []
        switch verdict.level {
        case .indistinguishable:
            lines.append("These cannot be told apart from here: \(verdict.causes.joined(separator: ", "))")
            for set in document.indistinguishable {
                if let separator = set.separatedBy {
                    lines.append("  the cheapest thing that would part them: \(separator)")
                }
            }
        case .noVerdict:
            lines.append("No verdict. What was seen is in the evidence; nothing that is known here explains it.")
        default:
            lines.append(
                "\(verdict.causes.joined(separator: " and ")): \(verdict.level.rawValue), \(percent(verdict.confidence))"
            )
        }
        func row(_ name: String, _ value: String) {
            if !value.isEmpty {
                lines.append("  " + name + String(repeating: " ", count: max(1, 11 - name.count)) + value)
            }
        }
        row("where", verdict.loci.joined(separator: ", "))
        row("how", verdict.mechanism)
        row("selector", verdict.selector.joined(separator: ", "))
        row("trigger", verdict.trigger)
        row("memory", memory)
        row("remedy", "\(verdict.remedy) (\(verdict.remedyOwner ?? "nobody"))")
        for alternative in document.alternatives.prefix(3) where alternative.probability >= 0.01 {
            row("or else", "\(alternative.causes.joined(separator: " and ")), \(percent(alternative.probability))")
        }
        let isConfirmed = verdict.level == .confirmed
        for rival in document.untestedRivals where !isConfirmed {
            row("untested", "\(rival.cause): \(rival.why ?? "")")
        }
        if let cost = document.cost {
            row(
                "cost",
                "\(cost.suspectConnects) connection\(cost.suspectConnects == 1 ? "" : "s") to the suspect, \(Int(cost.seconds.rounded())) s, \(cost.bytes) bytes"
            )
        }
        if let folder { row("records", folder) }
        if let ticket = document.ticket, !isConfirmed {
            lines +=
                ["", "To paste into a ticket for \(ticket.to):", ""]
                + ticket.text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
        }
        return lines.joined(separator: "\n")
    }

    private var memory: String {
        let memory = document.verdict.memory
        guard let seconds = memory.seconds, seconds.count == 2 else { return memory.kind }
        return "\(memory.kind), \(seconds[0]) to \(seconds[1]) s"
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
