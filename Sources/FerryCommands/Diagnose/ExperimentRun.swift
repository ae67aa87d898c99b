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
    let keys: KeyLog
    let carriers: [String: String]
    /// The longest pause between a control and the connection in question, in seconds. It is drawn each time, so that nothing
    /// that comes and goes by a rhythm of its own always meets the same of the three.
    let longestPause: Double

    /// - Parameter number: counts records, so that each has a name of its own.
    /// - Returns: what came of it. Of one that is interrupted that is a part: from then on nothing more is asked.
    func run(_ experiment: Experiment, number: inout Int) async throws -> ExperimentResult {
        var result = ExperimentResult()
        result.hostsBefore = await look(experiment.hosts, &number)
        if let plan = experiment.ladder, !Task.isCancelled { result.ladder = await climb(plan, &number) }
        guard let plan = experiment.probe, !Task.isCancelled else { return result }
        let watches = await begin(experiment.watches, &result, &number)
        result.before = await control(of: experiment, &number)
        if result.before != nil { await pause() }
        // Whoever ends it does not want the suspect to see another connection.
        guard !Task.isCancelled else { return result }
        number += 1
        var asked = plan
        asked.id = "p\(number)"
        // A vantage that does not make its control makes no connection that could be compared with it.
        if let problem = result.before?.vantageProblem {
            var none = ProbeRecord(asked, startedAt: "\(UTCTime.now())")
            (none.outcome, none.vantageProblem) = (.notSent, problem)
            result.probe = none
            return await ended(result, watches)
        }
        try asks(asked)
        result.probe = await probe(asked, of: experiment, "the connection to")
        result.endedAt = now()
        if result.before != nil { await pause() }
        result.after = await control(of: experiment, &number)
        result = await ended(result, watches)
        if result.probe?.outcome.worked == false, !Task.isCancelled {
            result.hostsAfter = await look(experiment.hosts, &number)
        }
        return result
    }

    /// The same with what was seen by those who watched.
    private func ended(_ result: ExperimentResult, _ watches: [WatchPlan]) async -> ExperimentResult {
        var result = result
        for watch in watches {
            if let record = await vantages.endWatch(watch) { result.watches.append(record) }
        }
        return result
    }

    /// - Returns: those that have begun. Of one that has not it is noted why: it has seen nothing.
    private func begin(
        _ plans: [WatchPlan],
        _ result: inout ExperimentResult,
        _ number: inout Int
    ) async -> [WatchPlan] {
        var watches: [WatchPlan] = []
        for var watch in plans {
            number += 1
            watch.id = "w\(number)"
            guard let problem = await vantages.watch(watch) else {
                watches.append(watch)
                continue
            }
            var none = WatchRecord(watch, startedAt: "\(UTCTime.now())")
            none.vantageProblem = problem
            result.watches.append(none)
        }
        return watches
    }

    private func pause() async { try? await Task.sleep(for: .seconds(.random(in: 0...longestPause))) }

    private func probe(_ plan: ProbePlan, of experiment: Experiment, _ what: String) async -> ProbeRecord {
        let at = now()
        var record = await narration.during("\(what) \(plan.place) from \(plan.vantage)") { await vantages.probe(plan) }
        record.experiment = experiment.id
        record.carrier = carriers[plan.vantage]
        record.keyHistory = keys.history(of: plan, now: at)
        keys.note(record, at: at)
        return record
    }

    private func control(of experiment: Experiment, _ number: inout Int) async -> ProbeRecord? {
        guard var control = experiment.control, !Task.isCancelled else { return nil }
        number += 1
        control.id = "p\(number)"
        return await probe(control, of: experiment, "the control")
    }

    private func climb(_ plan: LadderPlan, _ number: inout Int) async -> LadderRecord {
        number += 1
        var plan = plan
        plan.id = "l\(number)"
        let at = now()
        let record = await narration.during("the way to \(plan.place) from \(plan.vantage)") {
            await vantages.ladder(plan)
        }
        keys.note(record, at: at)
        return record
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
