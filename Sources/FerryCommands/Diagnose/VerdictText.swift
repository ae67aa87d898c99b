internal import FerryEvidence

/// The answer for a person.
struct VerdictText {
    let document: DiagnosisDocument
    let folder: String?

    private var isWell: Bool { document.verdict.causes == ["none"] }

    var text: String {
        let verdict = document.verdict
        var lines: [String] = []
        switch verdict.level {
        case .indistinguishable:
            lines.append("One of these, \(percent(verdict.confidence)) together; they cannot be told apart from here:")
            for set in document.indistinguishable { lines += members(set) }
        case .noVerdict:
            lines.append(
                hasMeasured
                    ? "No verdict. What was seen is in the evidence; nothing that is known here explains it."
                    : "No verdict: no connection to the suspect was measured from where it fails."
            )
            lines += document.evidence.filter { Self.obstacles.contains($0.kind ?? "") }.map { "  " + $0.says }
        case _ where isWell:
            lines.append(
                "Nothing that was tried fails. That nothing is broken is \(percent(verdict.confidence)) likely; the rest is what shows not always, or not in so few connections."
            )
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
        row("interrupted", interruption)
        let isOpen = verdict.level == .indistinguishable || isWell
        row("where", isWell ? "" : verdict.loci.joined(separator: ", "))
        row("how", isOpen ? "" : verdict.mechanism)
        row("selector", isOpen ? "" : verdict.selector.joined(separator: ", "))
        row("trigger", isOpen ? "" : verdict.trigger)
        row("memory", isOpen ? "" : memory)
        row("remedy", isOpen ? "" : "\(verdict.remedy) (\(verdict.remedyOwner ?? "nobody"))")
        row("rate", document.rate?.sentence ?? "")
        let alternatives = document.alternatives.filter {
            Set($0.causes).isDisjoint(with: isOpen ? verdict.causes : [])
        }
        for alternative in alternatives.prefix(3) where alternative.probability >= 0.01 {
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
        for note in document.evidence
        where ["unreadable", "provider-unread", "hypotheses", "other-addresses"].contains(note.kind ?? "") {
            row("note", note.says)
        }
        if isWell {
            row(
                "next",
                "if it fails again, diagnose it while it fails, or with what was seen of it: --capture FILE, or history in the site file"
            )
        }
        if let ticket = document.ticket, !isConfirmed {
            lines +=
                ["", "To paste into a ticket for \(ticket.to):", ""]
                + ticket.text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
        }
        return lines.joined(separator: "\n")
    }

    /// Kinds of evidence that say what stood in the way of measuring.
    private static let obstacles: Set<String> = [
        "vantage", "declared-protocol", "declared-end", "declared-suspect", "vantage-beside",
    ]

    /// There is a ticket without a verdict, too, unless nobody has seen it fail.
    private var hasMeasured: Bool { document.ticket != nil }

    private var interruption: String {
        guard document.interrupted == true else { return "" }
        return "before it was sure: go on with --continue \(folder ?? "and its folder")"
    }

    private func members(_ set: DiagnosisDocument.IndistinguishableSet) -> [String] {
        var lines: [String] = []
        for (index, cause) in set.causes.enumerated() {
            var line = "  "
            if let shares = set.probabilities, shares.indices.contains(index) { line += percent(shares[index]) + "  " }
            line += cause
            if let remedies = set.remedies, remedies.indices.contains(index) { line += ": \(remedies[index])" }
            lines.append(line)
        }
        if let separator = set.separatedBy { lines.append("  the cheapest thing that would part them: \(separator)") }
        return lines
    }

    private var memory: String {
        let memory = document.verdict.memory
        guard let seconds = memory.seconds, seconds.count == 2 else {
            return memory.isPassing ? "\(memory.kind) as a rule; not measured" : memory.kind
        }
        return "\(memory.kind), \(seconds[0]) to \(seconds[1]) s"
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
