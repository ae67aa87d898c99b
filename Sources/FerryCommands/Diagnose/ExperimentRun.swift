internal import FerryCore
internal import FerryDiagnosis
internal import FerryEvidence

/// Makes an experiment: hosts, watches, control, the connection in question, control, watches, hosts.
struct ExperimentRun {
    let vantages: VantageSet
    let narration: Narration
    /// Is told of the connection in question just before it is made.
    let asks: (ProbePlan) throws -> Void
    /// Seconds since the diagnosis began.
    let now: () -> Double

    /// - Parameter number: counts records, so that each has a name of its own.
    func run(_ experiment: Experiment, number: inout Int) async throws -> ExperimentResult {
        var result = ExperimentResult()
        result.hostsBefore = await look(experiment.hosts, &number)
        guard let plan = experiment.probe else { return result }
        var watches: [WatchPlan] = []
        for var watch in experiment.watches {
            number += 1
            watch.id = "w\(number)"
            // One that does not begin has seen nothing, and says so by not being there.
            if await vantages.watch(watch) == nil { watches.append(watch) }
        }
        result.before = await control(experiment, &number)
        number += 1
        var asked = plan
        asked.id = "p\(number)"
        try asks(asked)
        result.probe = await probe(asked, "the connection to")
        result.endedAt = now()
        result.after = await control(experiment, &number)
        for watch in watches {
            if let record = await vantages.endWatch(watch) { result.watches.append(record) }
        }
        if result.probe?.outcome.worked == false { result.hostsAfter = await look(experiment.hosts, &number) }
        return result
    }

    private func probe(_ plan: ProbePlan, _ what: String) async -> ProbeRecord {
        await narration.during("\(what) \(plan.place) from \(plan.vantage)") { await vantages.probe(plan) }
    }

    private func control(_ experiment: Experiment, _ number: inout Int) async -> ProbeRecord? {
        guard var control = experiment.control else { return nil }
        number += 1
        control.id = "p\(number)"
        return await probe(control, "the control")
    }

    private func look(_ plans: [HostPlan], _ number: inout Int) async -> [HostRecord] {
        var records: [HostRecord] = []
        for var plan in plans {
            number += 1
            plan.id = "h\(number)"
            records.append(
                await narration.during("asking \(plan.vantage) about its host") { await vantages.host(plan) }
            )
        }
        return records
    }
}
