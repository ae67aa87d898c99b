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

    func close() {
        for connection in connections.values { connection.close() }
    }

    func probe(_ plan: ProbePlan) async -> ProbeRecord {
        if let connection = connections[plan.vantage] {
            var record = await connection.probe(plan)
            record.startedAt = onThisClock(record.startedAt, plan.vantage)
            return record
        }
        var record = ProbeRecord(plan, startedAt: "\(UTCTime.now())")
        record.outcome = .notSent
        record.vantageProblem = problem(plan.vantage)
        return record
    }

    func ladder(_ plan: LadderPlan) async -> LadderRecord {
        if let connection = connections[plan.vantage] {
            var record = await connection.ladder(plan)
            record.startedAt = onThisClock(record.startedAt, plan.vantage)
            return record
        }
        var record = LadderRecord(plan, startedAt: "\(UTCTime.now())")
        record.vantageProblem = problem(plan.vantage)
        return record
    }

    func host(_ plan: HostPlan) async -> HostRecord {
        if let connection = connections[plan.vantage] {
            var record = await connection.host(plan)
            record.startedAt = onThisClock(record.startedAt, plan.vantage)
            return record
        }
        var record = HostRecord(plan, startedAt: "\(UTCTime.now())")
        record.vantageProblem = problem(plan.vantage)
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
