internal import FerryAddress
public import FerryCore
public import FerryEvidence

/// What was noted of a diagnosis, told to an engine again: the same records give the same verdict.
public struct IncidentReplay {
    private let startedAt: UTCTime
    private let choosesAgain: Bool
    /// A connection that was about to be made, of which nothing has come yet.
    private var asked: (plan: ProbePlan, at: Double)?
    /// Lines that could not be read, and were noted.
    private var unreadable = 0

    /// Of a diagnosis that began at `startedAt`.
    /// - Parameter choosesAgain: whether the engine explains again why each experiment was chosen, which is most of the work and
    ///   changes nothing of the verdict.
    public init(startedAt: UTCTime, choosesAgain: Bool = true) {
        self.startedAt = startedAt
        self.choosesAgain = choosesAgain
    }

    /// The entry that notes `result`.
    public static func entry(of experiment: Experiment, _ result: ExperimentResult, at: Double) -> IncidentEntry {
        var entry = IncidentEntry(at: at)
        entry.experiment = experiment.kind.rawValue
        entry.signature = experiment.signature
        let probes = [result.before, result.probe, result.after]
        entry.probes = probes.compactMap { $0 }
        if result.probe != nil { entry.question = result.before == nil ? 0 : 1 }
        entry.endedAt = result.endedAt
        entry.watches = result.watches
        entry.hostsBefore = result.hostsBefore
        entry.hostsAfter = result.hostsAfter
        entry.ladders = result.ladder.map { [$0] }
        return entry
    }

    /// The entry that notes what was made of an experiment that was interrupted: others have seen it, and it is no result.
    /// - Returns: nil if nothing was.
    public static func entry(interrupted result: ExperimentResult, at: Double) -> IncidentEntry? {
        let made = [result.before, result.probe, result.after].compactMap { $0 }.filter { $0.vantageProblem == nil }
        guard !made.isEmpty else { return nil }
        var entry = IncidentEntry(at: at)
        entry.probes = made
        entry.endedAt = result.endedAt
        return entry
    }

    /// The entry that notes that `plan` is about to be asked.
    public static func entry(asking plan: ProbePlan, at: Double) -> IncidentEntry {
        var entry = IncidentEntry(at: at)
        entry.asks = plan
        return entry
    }

    /// Tells `engine` what `entry` has.
    public mutating func take(_ entry: IncidentEntry, into engine: inout DiagnosisEngine) {
        let now = UTCTime(microseconds: startedAt.microseconds + Int64(entry.at * 1e6))
        if let version = entry.hypothesisSet, version != HypothesisSet.version {
            engine.note(otherHypothesisSet: version)
        }
        for (name, addresses) in (entry.names ?? [:]).sorted(by: { $0.key < $1.key }) {
            engine.learn(name, leadsTo: addresses.compactMap { IPAddress(parsing: $0) })
        }
        if let history = entry.history {
            let read = MoverEvent.reading(history)
            engine.take(history: read.events, now: now)
            engine.noteUnreadable(lines: read.unreadable, of: "the mover's event log")
        }
        for what in entry.cutCaptures ?? [] { engine.note(cutCapture: what) }
        if let captured = entry.captured { engine.take(captured: captured, hasHistory: entry.history != nil, now: now) }
        if let earlier = entry.earlier { engine.take(earlier: earlier, at: entry.at) }
        for (vantage, offset) in (entry.clocks ?? [:]).sorted(by: { $0.key < $1.key }) {
            engine.take(clockOffset: offset, of: vantage)
        }
        if let last = entry.goesOnFrom {
            end(into: &engine)
            engine.goOn(from: last, at: entry.at)
            noteUnreadable(entry.unreadableBefore ?? 0, in: &engine)
            // Who could not be asked then may be there now.
            engine.unreachable = []
        }
        engine.unreachable.formUnion(entry.unreachable ?? [])
        if let provider = entry.provider { engine.take(records: provider, now: now) }
        if let uplink = entry.uplink {
            let readings = UplinkReadings(parsing: uplink)
            engine.take(uplink: readings, now: now)
            engine.noteUnreadable(lines: readings.unreadable, of: "the uplink's monitor")
        }
        if let plan = entry.asks {
            end(into: &engine)
            asked = (plan, entry.at)
        }
        guard let kind = entry.experiment.flatMap({ Experiment.Kind(rawValue: $0) }) else {
            return takeKills(of: entry, into: &engine)
        }
        let probes = entry.probes ?? []
        var result = ExperimentResult()
        if let question = entry.question, probes.indices.contains(question) {
            result.probe = probes[question]
            if question > 0 { result.before = probes[question - 1] }
            if question + 1 < probes.count { result.after = probes[question + 1] }
        }
        result.endedAt = entry.endedAt
        result.watches = entry.watches ?? []
        result.hostsBefore = entry.hostsBefore ?? []
        result.hostsAfter = entry.hostsAfter ?? []
        result.ladder = entry.ladders?.first
        // The engine is asked as it was then, so that it numbers and explains as it did.
        var why = Reason.noted
        var chosen: Experiment?
        if !choosesAgain {
            engine.judgeStandingEvidence()
        } else if case .run(let next, let reason) = engine.next(at: entry.at), next.signature == entry.signature {
            chosen = next
            why = reason
        }
        if let asked {
            engine.begins(asked.plan, at: asked.at)
        } else if let plan = result.probe?.plan, result.before?.vantageProblem == nil {
            engine.begins(plan, at: entry.at)
        }
        asked = nil
        var made = chosen ?? engine.experiment(kind, result.probe?.plan, result.ladder?.plan)
        made.control = made.control ?? result.before?.plan
        engine.take(result, of: made, why: why, at: entry.at)
    }

    /// What is no result moves no belief. That a connection of it was killed makes the wait longer all the same.
    private func takeKills(of entry: IncidentEntry, into engine: inout DiagnosisEngine) {
        let killed = (entry.probes ?? []).filter { $0.closedBy == .peer && !$0.outcome.worked }
        let known = killed.map { record in
            var connection = EarlierConnection(plan: record.plan, secondsBefore: 0, wasKilled: true)
            connection.isKnown = true
            return connection
        }
        engine.take(earlier: known, at: entry.endedAt ?? entry.at)
    }

    /// Notes that so many lines of the records could not be read, as far as that was not noted when the diagnosis went on.
    public mutating func noteUnreadable(_ lines: Int, in engine: inout DiagnosisEngine) {
        guard lines > unreadable else { return }
        engine.noteUnreadable(lines: lines - unreadable, of: "the records")
        unreadable = lines
    }

    /// There is nothing more: a connection of which nothing has come was made all the same.
    public mutating func end(into engine: inout DiagnosisEngine) {
        if let asked { engine.begins(asked.plan, at: asked.at) }
        asked = nil
    }
}
