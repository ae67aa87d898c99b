public import FerryCore
internal import Foundation

/// Plays a timeline, and tells it.
public final class TimelineRun {
    private let timeline: Timeline
    private let range: NetworkRange
    private let jobs: TimelineJobs
    private let tell: (String) -> Void
    private let goesOn: () -> Bool
    private let diagnose: Diagnose
    private let topology: Topology
    /// What the mover has met since the network was changed last: what was before says nothing of what is now.
    private var history = MoverHistory()
    /// When it is, in the words of the story.
    private var moment = ""
    /// What Ferry has said, and after how long; told once more at the end.
    private var verdicts: [String] = []
    private var isRight = true

    /// Diagnoses what `grants` leaves of a site in a network, given what is there at the beginning.
    public typealias Diagnose = (Topology.Site, Grants, Examination.Scene, NetworkRange) throws(FerryError) -> Verdict

    /// Builds the topology and starts the staging server.
    /// - Parameters:
    ///   - goesOn: asked all the time; the run ends once it says no.
    ///   - diagnose: asks Ferry.
    ///   - tell: called with each line of the story.
    /// - Throws: `FerryError` if the network cannot be built or Ferry's programs cannot be started.
    public init(
        _ file: TimelineFile,
        _ programs: FerryPrograms,
        goesOn: @escaping () -> Bool,
        diagnose: @escaping Diagnose,
        _ tell: @escaping (String) -> Void
    ) throws(FerryError) {
        timeline = file.timeline
        topology = file.topology
        range = try NetworkRange(file.topology)
        jobs = try TimelineJobs(file.timeline, in: range, programs)
        self.tell = tell
        self.goesOn = goesOn
        self.diagnose = diagnose
    }

    /// Plays it.
    /// - Returns: whether everything was as the timeline says.
    public func run() throws(FerryError) -> Bool {
        let begun = ContinuousClock.now
        tell(timeline.title)
        range.settle()
        for step in timeline.steps {
            tell("")
            moment = step.when
            tell(moment)
            for line in TimelineText.wrapped(step.says) { tell("  \(line)") }
            for act in step.acts {
                guard goesOn() else {
                    jobs.end()
                    return false
                }
                try play(act)
            }
        }
        jobs.end()
        tell("")
        for verdict in verdicts { tell(verdict) }
        let count = jobs.verified.count
        tell(
            "\(count) disks have arrived and were verified, \(TimelineText.seconds(ContinuousClock.now - begun)); "
                + (isRight ? "everything was as in the story." : "NOT everything was as in the story.")
        )
        return isRight
    }

    private func play(_ act: Timeline.Act) throws(FerryError) {
        switch act {
        case .arm(let name, let isTold):
            try change(name) { (fault) throws(FerryError) in
                try range.arm(fault)
                if isTold { tell("  - \(fault.summary)") }
            }
        case .disarm(let name): try change(name) { (fault) throws(FerryError) in try range.disarm(fault) }
        case .instances(let created, let released):
            range.ledger.noteInstances(created: created, released: released, at: MonotonicClock.now())
            tell("  - the tool makes \(created) transit instances and releases \(released)")
        case .start(let servers, let port, let rate):
            try jobs.start(servers, port, rate)
            let limit = rate.map { ", at most \($0) each" } ?? ""
            tell("  - \(servers.count) agents move to \(timeline.stagingAddress):\(port)\(limit)")
        case .awaitVerified(let limit): awaitJobs(limit, wanted: "verified") { $0.verified == $0.all }
        case .awaitBroken(let limit):
            awaitJobs(limit, wanted: "cut off") { $0.verified + $0.broken == $0.all && $0.broken > 0 }
        case .stop:
            jobs.stop()
            tell("  - the agents are stopped")
        case .probe(let probe, let count, let sees): try self.probe(probe, count, sees)
        case .wait(let time): wait(time)
        case .monitor(let link): monitor(link)
        case .records(let address): records(address)
        case .allow(let addresses):
            let now = MonotonicClock.now()
            let effective = addresses.map { range.ledger.allow($0, at: now).effective }.max() ?? now
            tell("  - on the cloud's allowlist: \(addresses.map { "\($0)" }.joined(separator: ", "))")
            if effective > now { wait(.nanoseconds(Int64(effective - now) + 100_000_000)) }
        case .diagnose(let expected): try askFerry(expected)
        }
    }

    private func change(_ name: String, _ body: (Fault) throws(FerryError) -> Void) throws(FerryError) {
        guard let fault = timeline.changes.first(where: { $0.name == name }) else { return }
        history = MoverHistory()
        try body(fault)
    }

    private func awaitJobs(
        _ limit: Duration,
        wanted: String,
        _ isDone: ((verified: Int, broken: Int, all: Int)) -> Bool
    ) {
        let begun = ContinuousClock.now
        var told = begun
        while !isDone(jobs.count), ContinuousClock.now - begun < limit, goesOn() {
            usleep(100_000)
            if ContinuousClock.now - told > .seconds(2) {
                told = .now
                tell("    ... \(jobs.sentBytes) sent, \(jobs.count.verified) of \(jobs.count.all) verified")
            }
        }
        // What agents tell of their progress comes once a second.
        if !jobs.isTold { wait(.milliseconds(1100)) }
        let count = jobs.count
        let time = TimelineText.seconds(ContinuousClock.now - begun)
        tell("  - \(count.verified) of \(count.all) verified, \(count.broken) cut off, \(jobs.sentBytes) sent, \(time)")
        if let trouble = jobs.trouble, count.broken > 0 {
            for line in TimelineText.wrapped("an agent says: \(trouble)") { tell("    \(line)") }
        }
        check(isDone(count), "they should be \(wanted)")
    }

    private func probe(_ probe: PlainProbe, _ count: Int, _ sees: [PlainOutcome]) throws(FerryError) {
        var outcomes: [PlainOutcome: Int] = [:]
        for _ in 0..<count {
            let result = try probe.run(in: range)
            if topology.site?.isMover(probe) ?? false { history.note(probe, result) }
            outcomes[result.outcome, default: 0] += 1
            if !goesOn() { return }
        }
        let from = probe.from.map { "\(probe.node) (as \($0))" } ?? probe.node
        let said = outcomes.sorted { $0.value > $1.value }.map { outcome, number in
            (count > 1 ? "\(number) of \(count): " : "") + TimelineText.telnet(outcome)
        }
        let way = "\(from) -> \(probe.address):\(probe.port)".padding(toLength: 46, withPad: " ", startingAt: 0)
        tell("  | \(way) \(said.joined(separator: "; "))")
        check(
            outcomes.keys.allSatisfy { outcome in sees.contains { outcome.agrees(with: $0) } },
            "it should be \(sees.map(\.rawValue).joined(separator: " or "))"
        )
    }

    private func wait(_ time: Duration) {
        let end = ContinuousClock.now + time
        var told = ContinuousClock.now
        while ContinuousClock.now < end, goesOn() {
            usleep(50_000)
            if ContinuousClock.now - told > .seconds(2), end - .now > .seconds(1) {
                told = .now
                tell("    ... \(Int((Double((end - .now).nanoseconds) / 1e9).rounded())) s to go")
            }
        }
    }

    private func monitor(_ link: String) {
        guard let line = range.line(ofLink: link) else { return }
        let first = (MonotonicClock.now(), line.counts.forward.deliveredBytes)
        wait(.seconds(2))
        let (time, bytes) = (MonotonicClock.now() - first.0, line.counts.forward.deliveredBytes - first.1)
        let rate = BitRate(bitsPerSecond: UInt64(Double(max(0, bytes)) * 8e9 / Double(time)))
        tell("  - the egress monitor shows \(rate) on \(link)")
    }

    private func records(_ address: IPv4Address?) {
        let now = MonotonicClock.now()
        let blocks = range.ledger.blocks(at: now)
        if blocks.isEmpty { tell("  - the security console shows no block") }
        for block in blocks {
            tell(
                "  - the security console shows: \(block.policy) blocks source "
                    + "\(block.source.map { "\($0)" } ?? "any"), port \(block.port.map { "\($0)" } ?? "any"), "
                    + "by \(block.action), since \(TimelineText.seconds(.nanoseconds(Int64(now - block.since)))) ago"
            )
        }
        if let address { check(blocks.contains { $0.source == address }, "\(address) should be among them") }
    }

    private func askFerry(_ expected: Timeline.Expectation) throws(FerryError) {
        guard let site = topology.site else { return }
        var grants = Grants()
        grants.tier = expected.tier
        tell("  - ferry diagnose --site site.yaml --tier \(expected.tier)")
        let monitor = site.uplinkLink.flatMap { UplinkMonitor(of: $0, in: range) }
        defer { monitor?.end() }
        let begun = ContinuousClock.now
        let verdict = try diagnose(
            site.speaking(timeline),
            grants,
            Examination.Scene(history: history, monitor: monitor),
            range
        )
        let time = ContinuousClock.now - begun
        for line in TimelineText.verdict(verdict, time) { tell("    \(line)") }
        verdicts.append("\(moment): " + TimelineText.verdictAtTheEnd(verdict, time))
        if let cause = expected.cause { check(verdict.causes == [cause], "the cause should be \(cause)") }
        if let remedy = expected.remedy { check(verdict.remedy == remedy, "the remedy should be \(remedy)") }
    }

    private func check(_ isAsTold: Bool, _ wanted: String) {
        guard !isAsTold else { return }
        isRight = false
        tell("  ! this is not as in the story: \(wanted)")
    }
}
