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
        for note in engine.notes { known(note.says) }
    }

    /// Tells what is known before anything is asked.
    func known(_ text: String) {
        guard isOn else { return }
        say("  known      \(text)")
    }

    func vantage(_ name: String, problem: String) {
        guard isOn else { return }
        say("  vantage    \(name) cannot be asked: \(problem)")
    }

    func withoutCapture(_ names: [String]) {
        guard isOn, !names.isEmpty else { return }
        say(
            "  vantage    \(names.joined(separator: ", ")) may not capture packets, and tells less: run it as root or give it CAP_NET_RAW"
        )
    }

    func begins(_ experiment: Experiment, _ why: Reason) {
        guard isOn else { return }
        say("\(experiment.id)  change \(experiment.changed)")
        if !experiment.held.isEmpty { say("     held    \(experiment.held.joined(separator: ", "))") }
        say("     because \(why.text)")
        if let outlook = Narration.outlook(why) { say("     if      \(outlook)") }
    }

    private static func outlook(_ why: Reason) -> String? {
        func against(_ causes: [String]) -> String { "speaks against " + causes.joined(separator: ", ") }
        switch (why.againstIfWell.isEmpty, why.againstIfNot.isEmpty) {
        case (true, true): return nil
        case (false, true): return "it goes well, that \(against(why.againstIfWell))"
        case (true, false): return "it fails, that \(against(why.againstIfNot))"
        default:
            return
                "it goes well, that \(against(why.againstIfWell)); if not, against \(why.againstIfNot.joined(separator: ", "))"
        }
    }

    /// Waits, having told until when, why, and what would be answered now.
    func waits(_ seconds: Double, _ why: String, _ engine: DiagnosisEngine) async {
        let end = ContinuousClock.now + .seconds(seconds)
        if isOn, seconds > 1 {
            let until = "\(UTCTime(microseconds: UTCTime.now().microseconds + Int64(seconds * 1e6)))".prefix(19)
            say("     waiting \(Narration.seconds(seconds)), until \(until)Z: \(why)")
            if seconds > 10 { say("     so far  \(Narration.belief(engine.leadingRemedies)); Ctrl-C ends with that") }
        }
        // Until when was told: a line now and then shows that it still waits.
        let progress = ProgressLine(pace: .seconds(10))
        defer { progress.end() }
        while !Task.isCancelled, ContinuousClock.now < end {
            let left = (end - ContinuousClock.now) / .seconds(1)
            if isOn, seconds > 1 { progress.show("     \(Narration.left(max(0, left))) left") }
            try? await Task.sleep(for: .seconds(min(left, 0.2)))
        }
    }

    /// Tells that `what` is being done until `body` is.
    func during<Value>(
        _ what: String,
        isolation: isolated (any Actor)? = #isolation,
        _ body: () async throws -> Value
    ) async rethrows -> Value {
        guard isOn else { return try await body() }
        return try await ProgressLine.tell({ "     \(what): \($0) s" }, while: body)
    }

    /// Tells of a diagnosis that is over.
    func retells(_ engine: DiagnosisEngine) {
        guard isOn else { return }
        notes(engine)
        for done in engine.done {
            say("\(done.experiment.id)  \(done.experiment.kind.rawValue)")
            tellsResult(done, engine)
        }
        tellsCauses(engine)
    }

    func ends(_ done: DiagnosisEngine.Done, _ engine: DiagnosisEngine) {
        guard isOn else { return }
        tellsResult(done, engine)
        if explains { tellsCauses(engine) }
    }

    private func tellsCauses(_ engine: DiagnosisEngine) {
        for (causes, share) in engine.leadingCauses.prefix(6) { say("       \(Narration.percent(share))  \(causes)") }
    }

    private func tellsResult(_ done: DiagnosisEngine.Done, _ engine: DiagnosisEngine) {
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
        if let ladder = done.result.ladder {
            parts.append(
                ladder.vantageProblem.map { "not made: \($0)" } ?? engine.speaker?.sentence ?? "nothing answered"
            )
        }
        if !parts.isEmpty { say("     result  " + parts.joined(separator: " · ")) }
        if done.isLeftOpen {
            say("     left open: the service itself may have ended it, which need not take content of a stranger")
        } else if done.isDiscarded {
            say("     thrown away: the controls before and after disagree")
        }
        if explains { for finding in done.findings { say("       " + engine.sentence(finding)) } }
        if let control = failingControl(done) {
            say(
                "     beware  the control \(control) does not work either: name one that does, else all of it is suspect"
            )
        }
        say("     now     " + Narration.belief(done.belief))
    }

    private static func belief(_ shares: [(remedy: Remedy, share: Double)]) -> String {
        shares.prefix(3).map { "\($0.remedy.rawValue) \(percent($0.share))" }.joined(separator: "  ")
    }

    private func failingControl(_ done: DiagnosisEngine.Done) -> String? {
        let controls = [done.result.before, done.result.after].compactMap { $0 }.filter { $0.vantageProblem == nil }
        guard done.experiment.kind == .baseline, !controls.isEmpty, controls.allSatisfy({ !$0.outcome.worked }) else {
            return nil
        }
        return controls[0].plan.place
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
    private static func left(_ seconds: Double) -> String {
        seconds >= 90 ? "\(Int(seconds) / 60) min \(Int(seconds) % 60) s" : Narration.seconds(seconds)
    }
    static func seconds(_ seconds: Double) -> String {
        seconds >= 90 ? "\(Int((seconds / 60).rounded())) min" : "\((seconds * 10).rounded() / 10) s"
    }
}
