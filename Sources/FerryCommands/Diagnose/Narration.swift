internal import FerryCore
internal import FerryDiagnosis
internal import FerryEvidence

/// What a person who watches is told: each experiment as it is chosen, what came of it, and how the belief moves.
struct Narration {
    /// Whether anything is told.
    let isOn: Bool
    /// Whether everything is.
    let explains: Bool

    func notes(_ engine: DiagnosisEngine) {
        guard isOn else { return }
        for note in engine.notes { say("  known      \(note.says)") }
    }

    func vantage(_ name: String, problem: String) {
        guard isOn else { return }
        say("  vantage    \(name) cannot be asked: \(problem)")
    }

    func begins(_ experiment: Experiment, _ why: String) {
        guard isOn else { return }
        say("\(experiment.id)  change \(experiment.changed)")
        say("     because \(why)")
    }

    func waits(_ seconds: Double, _ why: String, _ sleep: (Double) async -> Void) async {
        var left = seconds
        while left > 0 {
            if isOn, seconds > 1 { say("     waiting \(Narration.seconds(left)): \(why)") }
            let part = min(left, max(1.9, seconds / 20))
            await sleep(part)
            left -= part
            if Task.isCancelled { return }
        }
    }

    func ends(_ done: DiagnosisEngine.Done, _ engine: DiagnosisEngine) {
        guard isOn else { return }
        var parts: [String] = []
        if let before = done.result.before {
            parts.append("control \(before.vantageProblem == nil ? before.outcome.rawValue : "not made")")
        }
        if let record = done.result.probe {
            parts.append(record.vantageProblem.map { "not made: \($0)" } ?? (done.outcome ?? record.outcome).rawValue)
        }
        if let after = done.result.after {
            parts.append("control \(after.vantageProblem == nil ? after.outcome.rawValue : "not made")")
        }
        if !parts.isEmpty { say("     result  " + parts.joined(separator: " · ")) }
        if done.isDiscarded { say("     thrown away: the controls before and after disagree") }
        if explains { for finding in done.findings { say("       " + DiagnosisEngine.sentence(finding)) } }
        let belief = done.belief.prefix(3).map { "\($0.remedy.rawValue) \(Narration.percent($0.share))" }
        say("     now     " + belief.joined(separator: "  "))
        if explains {
            for (causes, share) in engine.leadingCauses.prefix(6) {
                say("       \(Narration.percent(share))  \(causes)")
            }
        }
    }

    func says(_ text: String) {
        guard isOn else { return }
        say("     result  " + text)
    }

    func stops(_ why: String) {
        guard isOn else { return }
        say("done: \(why)")
    }

    private func say(_ text: String) { StandardError.line(text) }

    static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
    static func seconds(_ seconds: Double) -> String {
        seconds >= 90 ? "\(Int((seconds / 60).rounded())) min" : "\((seconds * 10).rounded() / 10) s"
    }
}
