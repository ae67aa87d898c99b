internal import FerryAddress
internal import FerryCore
public import FerryEvidence
public import FerryResolver
internal import Glibc

/// Climbs towards a destination with a rising time to live: who answers at which distance. Needs no privileges.
public struct LadderRun: Sendable {
    private let plan: LadderPlan
    private let resolver: Resolver
    private let stop: ProbeStop

    /// A ladder as `plan` says.
    /// - Parameter stop: ends it early, within 100 ms.
    public init(_ plan: LadderPlan, resolver: Resolver, stop: ProbeStop = ProbeStop()) {
        self.plan = plan
        self.resolver = resolver
        self.stop = stop
    }

    /// Climbs, in a thread of its own.
    /// - Parameter step: is called there after each step.
    public func record(step: @escaping @Sendable (LadderRecord.Step) -> Void = { _ in }) async -> LadderRecord {
        if let record = await ProbeThread.result({ recordBlocking(step: step) }) { return record }
        var record = LadderRecord(plan, startedAt: "\(UTCTime.now())")
        record.vantageProblem = "no thread could be started: the system allows no more"
        return record
    }

    /// Climbs, and blocks until it is over.
    /// - Parameter step: is called after each step.
    public func recordBlocking(step: (LadderRecord.Step) -> Void = { _ in }) -> LadderRecord {
        var record = LadderRecord(plan, startedAt: "\(UTCTime.now())")
        if let problem = plan.problem {
            record.vantageProblem = problem
            return record
        }
        let destination: IPEndpoint
        do throws(FerryError) {
            let addresses = try resolver.addresses(of: plan.host, within: .seconds(20))
            let wanted = plan.sourceAddress.flatMap { IPAddress(parsing: $0) }?.isIPv6
            destination = IPEndpoint(
                addresses.first { wanted == nil || $0.isIPv6 == wanted } ?? addresses[0],
                port: plan.port
            )
        } catch {
            record.vantageProblem = "\(error.summary)"
            return record
        }
        switch plan.sends {
        case .request: climbWithRequests(&record, destination, step)
        case .payload: ContentLadder(plan, destination, stop).climb(&record, step)
        }
        return record
    }

    private func climbWithRequests(
        _ record: inout LadderRecord,
        _ destination: IPEndpoint,
        _ tell: (LadderRecord.Step) -> Void
    ) {
        let clock = ProbeClock()
        var problem: Int32 = 0
        // The ladder needs no capture; with one it sees what comes late, and what errors quote.
        let capture = ProbeCapture(destination, clock: clock, problem: &problem)
        var ports: [(port: UInt16?, seconds: Double)] = []
        for limit in 1...max(1, min(plan.most, 255)) where !stop.isSet {
            let socket = LadderSocket(plan, destination)
            if let problem = socket.problem {
                record.vantageProblem = problem
                break
            }
            let seconds = ProbeClock.seconds(clock.now)
            let step = socket.request(timeToLive: limit, within: plan.stepSeconds, stop)
            record.steps.append(step)
            record.requests += socket.requests
            ports.append((socket.local?.port, seconds))
            tell(step)
            // From where the handshake is answered on, all further steps would be the same, and each a request more.
            if [.reached, .reset, .unreachable].contains(step.answer) { break }
        }
        let flows = capture?.end() ?? [:]
        for (index, (port, start)) in ports.enumerated() {
            guard let flow = port.flatMap({ flows[$0] }) else { continue }
            let requests = flow.requests.count { $0.seconds >= start }
            record.steps[index].add(captured: flow.errors(since: start), requests: requests)
        }
    }
}
