internal import FerryAddress
internal import FerryCore
public import FerryEvidence
public import FerryResolver
internal import Glibc
internal import Synchronization

/// Makes one measurement, and records all of it.
public struct ProbeRun: Sendable {
    private let plan: ProbePlan
    private let resolver: Resolver
    private let stop: ProbeStop

    /// The most that a plan may give to all of it, in seconds. A vantage gives an hour.
    public static let longestSeconds = 1_000_000.0

    /// A run of `plan`.
    /// - Parameter stop: ends it early, within 100 ms.
    public init(_ plan: ProbePlan, resolver: Resolver, stop: ProbeStop = ProbeStop()) {
        self.plan = plan
        self.resolver = resolver
        self.stop = stop
    }

    /// Makes it, in a thread of its own.
    public func record() async -> ProbeRecord {
        if let record = await ProbeThread.result({ recordBlocking() }) { return record }
        var record = ProbeRecord(plan, startedAt: "\(UTCTime.now())")
        record.vantageProblem = "no thread could be started: the system allows no more"
        record.outcome = .notSent
        return record
    }

    /// Makes it, and blocks until it is over: for the plan's `limitSeconds` at the most, and what finding the name takes.
    public func recordBlocking() -> ProbeRecord {
        let clock = ProbeClock()
        var record = ProbeRecord(plan, startedAt: "\(UTCTime.now())")
        if let problem = plan.problem {
            record.outcome = .notSent
            record.vantageProblem = problem
            return record
        }
        let destination: IPEndpoint
        do throws(FerryError) {
            let addresses = try addresses()
            if IPAddress(parsing: plan.host) == nil { record.resolved = addresses.map { "\($0)" } }
            destination = IPEndpoint(wanted(of: addresses), port: plan.port)
        } catch {
            record.outcome = .notSent
            record.failure = FailureWords.name
            record.text = "\(error.summary)"
            record.durationSeconds = clock.seconds
            return record
        }
        record.resolveSeconds = clock.seconds
        return measured(record, destination, clock)
    }

    private func addresses() throws(FerryError) -> [IPAddress] {
        try resolver.addresses(of: plan.host, within: .milliseconds(Int(min(plan.limitSeconds, 30) * 1000)))
    }

    /// The first address; of the family that is bound to, where one is.
    private func wanted(of addresses: [IPAddress]) -> IPAddress {
        let wanted = plan.sourceAddress.flatMap { IPAddress(parsing: $0) }?.isIPv6
        return addresses.first { wanted == nil || $0.isIPv6 == wanted } ?? addresses[0]
    }

    private func measured(_ record: ProbeRecord, _ destination: IPEndpoint, _ clock: ProbeClock) -> ProbeRecord {
        var record = record
        var capture: ProbeCapture?
        if plan.captures == true || plan.isHalfOpen == true {
            var problem: Int32 = 0
            capture = ProbeCapture(destination, clock: clock, problem: &problem)
            if capture == nil {
                record.vantageProblem = PacketTap.explanation(problem)
                record.outcome = .notSent
                return record
            }
        }
        if plan.isHalfOpen == true, let capture {
            return HalfOpenProbe(plan, to: destination, clock: clock, stop: stop, capture).run(record)
        }
        var result = connections(record, destination, clock)
        guard let capture else { return result }
        if result.closedBy == .peer { waitForMore(result) }
        let source = result.source.flatMap { try? EndpointAddress(parsing: $0) }
        result.add(capture.end(), of: source?.port)
        return result
    }

    /// What arrives within two round trips after the end belongs to it: a second speaker's answer, or the true one.
    private func waitForMore(_ record: ProbeRecord) {
        let roundTrip = max(record.connectSeconds ?? 0, plan.referenceRoundTripSeconds ?? 0.05)
        let end = ProbeClock.nanoseconds(min(2, 2 * roundTrip + 0.02))
        let clock = ProbeClock()
        while clock.now < end, !stop.isSet { usleep(5000) }
    }

    private func connections(_ record: ProbeRecord, _ destination: IPEndpoint, _ clock: ProbeClock) -> ProbeRecord {
        let companions = Companions(plan, destination, clock, stop, record, count: max(1, plan.concurrency ?? 1) - 1)
        let last = ProbeConnection(plan, to: destination, clock: clock, stop: stop, record: record)
        companions.start()
        var result = last.run(heard: { companions.wait() })
        companions.end()
        if let outcomes = companions.outcomes {
            result.outcomes = outcomes + [result.outcome]
            result.requests = (result.requests ?? 0) + companions.requests
        }
        return result
    }
}
