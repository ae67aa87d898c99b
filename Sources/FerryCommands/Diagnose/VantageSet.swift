internal import FerryCore
internal import FerryEvidence
internal import FerryProbe

/// The vantages of a site, connected to when they are first asked. One that cannot be reached is evidence about itself: what is
/// asked of it comes back with `vantageProblem`.
actor VantageSet {
    private let site: Site
    private let identity: String?
    private var connections: [String: VantageConnection] = [:]
    private var problems: [String: String] = [:]
    /// Seconds that clocks are ahead of this host's, of those that are wrong.
    private(set) var clockOffsets: [String: Double] = [:]

    init(_ site: Site, identity: String?) {
        self.site = site
        self.identity = identity
    }

    /// Connects to all, at the same time.
    /// - Returns: what stands in the way of which.
    func connect() async -> [(name: String, problem: String)] {
        await withTaskGroup(of: (String, Result<VantageConnection, FerryError>).self) { group in
            for vantage in site.vantages {
                group.addTask { [identity] in
                    (vantage.name, await VantageConnection.result(vantage.reach, identity: identity))
                }
            }
            for await (name, result) in group {
                switch result {
                case .success(let connection):
                    connections[name] = connection
                    let offset = connection.clockOffsetSeconds
                    // Seconds are what people compare times by.
                    if abs(offset) > 1 + connection.roundTripSeconds { clockOffsets[name] = offset }
                case .failure(let error): problems[name] = "\(error)"
                }
            }
        }
        return problems.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
    }

    /// Names of those that can be asked.
    var reachable: Set<String> { Set(connections.keys) }

    /// Names of those that have answered once, and do not any more.
    var gone: Set<String> { Set(connections.filter(\.value.isGone).keys) }

    func close() {
        for connection in connections.values { connection.close() }
    }

    /// Names of those that can be asked and may not capture packets.
    var withoutCapture: [String] { connections.filter { !$0.value.hello.captures }.map(\.key).sorted() }

    func probe(_ plan: ProbePlan) async -> ProbeRecord {
        var plan = plan
        // Where packets may not be captured, a connection tells less, and still more than none.
        if let connection = connections[plan.vantage], !connection.hello.captures { plan.captures = nil }
        var none = ProbeRecord(plan, startedAt: "\(UTCTime.now())")
        none.outcome = .notSent
        var made = await record(of: plan.vantage, else: none) { await $0.probe(plan) }
        // Not the vantage's own word: it does not know this host's clock.
        made.clockOffsetSeconds = connections[plan.vantage]?.clockOffsetSeconds
        return made
    }

    func ladder(_ plan: LadderPlan) async -> LadderRecord {
        let none = LadderRecord(plan, startedAt: "\(UTCTime.now())")
        return await record(of: plan.vantage, else: none) { await $0.ladder(plan) }
    }

    func host(_ plan: HostPlan) async -> HostRecord {
        let none = HostRecord(plan, startedAt: "\(UTCTime.now())")
        return await record(of: plan.vantage, else: none) { await $0.host(plan) }
    }

    /// What `vantage` answers, at this host's time; `none` with the reason if it cannot be asked.
    private func record<Record: VantageRecord>(
        of vantage: String,
        else none: Record,
        _ ask: (VantageConnection) async -> Record
    ) async -> Record {
        guard let connection = connections[vantage] else {
            var none = none
            none.vantageProblem = problem(vantage)
            return none
        }
        var record = await ask(connection)
        record.startedAt = onThisClock(record.startedAt, vantage)
        return record
    }

    /// - Returns: why it has not begun; nil if it has.
    func watch(_ plan: WatchPlan) async -> String? {
        guard let connection = connections[plan.vantage] else { return problem(plan.vantage) }
        return await connection.watch(plan)
    }

    func endWatch(_ plan: WatchPlan) async -> WatchRecord? {
        guard var record = await connections[plan.vantage]?.endWatch(plan.id) else { return nil }
        record.startedAt = onThisClock(record.startedAt, plan.vantage)
        return record
    }

    /// The time of a vantage whose clock is wrong as this host would have written it.
    private func onThisClock(_ written: String, _ vantage: String) -> String {
        guard let offset = clockOffsets[vantage], let time = UTCTime(parsing: written) else { return written }
        return "\(UTCTime(microseconds: time.microseconds - Int64(offset * 1e6)))"
    }

    private func problem(_ name: String) -> String { problems[name] ?? "there is no vantage \"\(name)\"" }
}

/// What a vantage has recorded, or why it has not.
private protocol VantageRecord: Sendable {
    var startedAt: String { get set }
    var vantageProblem: String? { get set }
}

extension ProbeRecord: VantageRecord {}
extension LadderRecord: VantageRecord {}
extension HostRecord: VantageRecord {}
