internal import FerryCore
internal import FerryDiagnosis
internal import FerryEvidence
internal import FerryProbe
internal import Foundation

/// Drives the engine: hands it evidence, makes the experiments it wants, waits as it says, and writes down everything.
final class DiagnosisRun {
    private var engine: DiagnosisEngine
    private let vantages: VantageSet
    private let folder: IncidentFolder?
    private let narration: Narration
    private let startedAt: UTCTime
    private let began: ContinuousClock.Instant
    private let keys = KeyLog()
    private var others: EarlierDiagnoses
    private var number = 0

    init(
        _ engine: DiagnosisEngine,
        vantages: VantageSet,
        folder: IncidentFolder?,
        narration: Narration,
        others: EarlierDiagnoses,
        startedAt: UTCTime
    ) {
        self.engine = engine
        self.vantages = vantages
        self.folder = folder
        self.narration = narration
        self.others = others
        self.startedAt = startedAt
        began =
            ContinuousClock.now - .seconds(max(0, Double(UTCTime.now().microseconds - startedAt.microseconds) / 1e6))
    }

    /// Seconds since the diagnosis began.
    private var now: Double { (ContinuousClock.now - began) / .seconds(1) }

    /// Tells the engine what is there already, and notes it.
    func take(
        _ evidence: StandingEvidence,
        timeScale: Double,
        looksFromItself: Bool,
        clocks: [String: Double],
        names: NameLook
    ) async throws {
        let earlier = others.news()
        if let last = earlier.last {
            narration.known(
                "\(earlier.count) connection\(earlier.count == 1 ? "" : "s") of diagnoses before this one to the suspect's host count\(earlier.count == 1 ? "s" : ""), each for its port, the last one \(Int(last.secondsBefore)) s ago."
            )
        }
        var entry = IncidentEntry(at: now)
        entry.startedAt = "\(startedAt)"
        entry.tier = engine.view.tier
        entry.timeScale = timeScale
        entry.hypothesisSet = HypothesisSet.version
        entry.site = evidence.site
        entry.looksFromItself = looksFromItself ? true : nil
        entry.clocks = clocks.isEmpty ? nil : clocks
        entry.suspectAddresses = names.addresses[evidence.site.suspect.host]
        entry.unreachable = engine.unreachable.isEmpty ? nil : engine.unreachable.sorted()
        entry.names = names.addresses.isEmpty ? nil : names.addresses
        entry.earlier = earlier.isEmpty ? nil : earlier
        note(entry)
        entry.history = try evidence.history()
        if let captured = try evidence.captured() {
            entry.captured = captured.connections
            entry.cutCaptures = captured.cut.isEmpty ? nil : captured.cut
        }
        entry.provider = try await records(evidence)
        entry.uplink = try evidence.uplinkText()
        var replay = IncidentReplay(startedAt: startedAt)
        replay.take(entry, into: &engine)
        narration.notes(engine)
        try folder?.append(entry)
        if let history = entry.history { try folder?.write(history, as: "events.jsonl") }
    }

    /// The provider's records. A command of somebody else may take its time.
    /// - Throws: `FerryError`, or `AnswerIsNo` if it was interrupted.
    private func records(_ evidence: StandingEvidence) async throws -> ProviderRecords? {
        let stop = ProbeStop()
        return try await withTaskCancellationHandler {
            try await narration.during("the provider's records") {
                do {
                    return try await Task.detached { try evidence.records { stop.isSet } }.value
                } catch  where stop.isSet {
                    throw AnswerIsNo(text: "it was interrupted before anything was asked")
                }
            }
        } onCancel: {
            stop.set()
        }
    }

    /// Goes on with what was noted before.
    func take(_ recorded: RecordedEntries) throws {
        let entries = recorded.all
        var replay = IncidentReplay(startedAt: startedAt)
        var onward = IncidentEntry(at: now)
        onward.goesOnFrom = min(now, entries.map { max($0.at, $0.endedAt ?? 0) }.max() ?? 0)
        onward.unreadableBefore = recorded.unreadable > 0 ? recorded.unreadable : nil
        onward.unreachable = engine.unreachable.isEmpty ? nil : engine.unreachable.sorted()
        for entry in entries + [onward] { replay.take(entry, into: &engine) }
        // Records keep names of their own.
        var names: [String] = []
        let made = Set(entries.flatMap { $0.probes ?? [] }.map(\.plan.id))
        for entry in entries {
            note(entry, made)
            others.count(entry.earlier ?? [])
            if let plan = entry.asks { names.append(plan.id) }
            for probe in entry.probes ?? [] {
                names.append(probe.plan.id)
                others.learn(probe)
            }
            for ladder in entry.ladders ?? [] { names.append(ladder.plan.id) }
            for watch in entry.watches ?? [] { names.append(watch.plan.id) }
            for host in entry.hostsBefore ?? [] { names.append(host.plan.id) }
            for host in entry.hostsAfter ?? [] { names.append(host.plan.id) }
        }
        number = names.compactMap { Int($0.dropFirst()) }.filter { $0 < 1_000_000_000 }.max() ?? 0
        narration.notes(engine)
        try folder?.append(onward)
    }

    /// Counts what an entry tells of keys. One that was about to be asked and of which nothing came was seen, too.
    /// - Parameter made: the names of those of which something came.
    private func note(_ entry: IncidentEntry, _ made: Set<String> = []) {
        for one in entry.earlier ?? [] where one.isKnown != true {
            keys.note(one.plan, bytesSent: 0, at: entry.at - one.secondsBefore)
        }
        if let plan = entry.asks, !made.contains(plan.id) { keys.note(plan, bytesSent: 0, at: entry.at) }
        for probe in entry.probes ?? [] { keys.note(probe, at: entry.at) }
        for ladder in entry.ladders ?? [] { keys.note(ladder, at: entry.at) }
    }

    /// Counts what other diagnoses have asked of the suspect since that was looked for last: some may go on beside this one.
    private func takeOthers() throws {
        let news = others.news()
        guard !news.isEmpty else { return }
        var entry = IncidentEntry(at: now)
        entry.earlier = news
        engine.take(earlier: news, at: entry.at)
        note(entry)
        let count = news.count { $0.isKnown != true }
        if count > 0 {
            narration.known(
                "\(count) connection\(count == 1 ? "" : "s") that other diagnoses have made meanwhile count\(count == 1 ? "s" : "")."
            )
        }
        try folder?.append(entry)
    }

    /// - Returns: whether it was made to its end. What was made of one that was interrupted is noted, and is no result.
    private func make(_ experiment: Experiment, _ why: Reason) async throws -> Bool {
        narration.begins(experiment, why)
        let at = now
        let run = ExperimentRun(
            vantages: vantages,
            narration: narration,
            asks: { [self] plan in
                let at = now
                try folder?.append(IncidentReplay.entry(asking: plan, at: at))
                engine.begins(plan, at: at)
            },
            now: { [self] in now },
            keys: keys,
            carriers: Dictionary(
                engine.view.site.vantages.compactMap { vantage in vantage.carrier.map { (vantage.name, $0) } },
                uniquingKeysWith: { first, _ in first }
            ),
            longestPause: max(0.05, engine.scene.timeScale)
        )
        let result = try await run.run(experiment, number: &number)
        guard !Task.isCancelled else {
            if let entry = IncidentReplay.entry(interrupted: result, at: at) { try folder?.append(entry) }
            return false
        }
        let known = engine.notes.count
        engine.take(result, of: experiment, why: why, at: at)
        // Whoever is gone is not asked again; what it told before counts.
        let gone = await vantages.gone.subtracting(engine.unreachable)
        engine.unreachable.formUnion(gone)
        for record in [result.before, result.probe, result.after].compactMap(\.self) { others.learn(record) }
        if experiment.kind != .confirmation { for note in engine.notes.dropFirst(known) { narration.says(note.says) } }
        // What a person was told is on disk.
        var entry = IncidentReplay.entry(of: experiment, result, at: at)
        entry.unreachable = gone.isEmpty ? nil : gone.sorted()
        try folder?.append(entry)
        return true
    }

    /// Tries once more what had failed.
    /// - Throws: `FerryError` with `ErrorCode.evidence` if nothing had.
    func confirm() async throws -> DiagnosisDocument {
        while !Task.isCancelled {
            try takeOthers()
            let wait = engine.waitForConfirmation(at: now)
            guard wait > 0 else { break }
            await narration.waits(wait, "the suspect is left alone, so that asking does not keep a block alive", engine)
        }
        guard let experiment = engine.confirmation else {
            throw FerryError(
                .evidence,
                operation: "confirm",
                subject: folder?.path ?? "the diagnosis",
                cause: "no connection to the suspect has failed in it",
                advice: "Name the folder of a diagnosis that found a fault."
            )
        }
        let known = engine.notes.count
        if !Task.isCancelled, try await make(experiment, .confirmation) {
            for note in engine.notes.dropFirst(known) { narration.says(note.says) }
        }
        return engine.document(startedAt: startedAt, endedAt: .now(), seconds: now)
    }

    /// Until the engine stops.
    func run() async throws -> DiagnosisDocument {
        while true {
            // Just before what comes next is chosen, and after each wait.
            try takeOthers()
            switch engine.next(at: now) {
            case .stop(let why):
                narration.stops(why)
                return engine.document(startedAt: startedAt, endedAt: .now(), seconds: now)
            case .wait(let seconds, let why):
                await narration.waits(seconds, why, engine)
            case .run(let experiment, let why):
                if try await make(experiment, why), let done = engine.done.last { narration.ends(done, engine) }
            }
            if Task.isCancelled {
                narration.stops(
                    "it was interrupted" + (folder.map { "; go on with: ferry diagnose --continue \($0.path)" } ?? "")
                )
                return engine.document(startedAt: startedAt, endedAt: .now(), seconds: now)
            }
        }
    }
}
