internal import FerryEvidence

extension DiagnosisEngine {
    /// Notes, once for each, which vantages could not watch, and why.
    mutating func noteUnwatched(_ watches: [WatchRecord]) {
        for watch in watches {
            let vantage = watch.plan.vantage
            guard let problem = watch.vantageProblem, cannotWatch.insert(vantage).inserted else { continue }
            notes.append(
                Note(
                    kind: "watch",
                    says:
                        "The vantage \(vantage) could not watch what passes it, and is not asked to any more: \(problem).",
                    arguments: [vantage, "not-begun", problem],
                    findings: []
                )
            )
        }
    }

    /// Notes, once, that the watch at `vantage` has not seen a connection that came through.
    mutating func noteBlind(_ vantage: String, to control: ProbeRecord) {
        guard blindWatchers.insert(vantage).inserted else { return }
        let place = control.plan.place
        notes.append(
            Note(
                kind: "watch",
                says:
                    "The vantage \(vantage), which watched, saw nothing of a connection to \(place) that came through: that it does not see others proves nothing. Put it where they pass.",
                arguments: [vantage, "blind", place],
                findings: []
            )
        )
    }
}
