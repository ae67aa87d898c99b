internal import CFerryLinux
internal import FerryAddress
internal import FerryCore
public import FerryEvidence
internal import FerryPacket

/// Watches what passes this host of connections with one far end, or with any at some ports. Needs CAP_NET_RAW.
public struct WatchRun: Sendable {
    private let plan: WatchPlan
    private let stop: ProbeStop

    /// A watch as `plan` says, until `stop` or the plan's limit.
    public init(_ plan: WatchPlan, stop: ProbeStop) {
        self.plan = plan
        self.stop = stop
    }

    /// Watches, and blocks until it is over.
    /// - Parameter began: is called when what passes is seen; not at all if nothing can be.
    public func recordBlocking(_ began: () -> Void) -> WatchRecord {
        let clock = ProbeClock()
        var record = WatchRecord(plan, startedAt: "\(UTCTime.now())")
        if let problem = plan.problem {
            record.vantageProblem = problem
            return record
        }
        let host = IPAddress(parsing: plan.host)
        guard host != nil || plan.host.isEmpty else {
            record.vantageProblem = "\"\(plan.host)\" is no address: a watch is of an address"
            return record
        }
        var problem: Int32 = 0
        let filter = PacketFilter(host: host, ports: plan.ports, takesErrors: false)
        guard let tap = PacketTap(filter, problem: &problem) else {
            record.vantageProblem = PacketTap.explanation(problem)
            return record
        }
        began()
        var flows = WatchedFlows(ports: plan.ports)
        let offset = clock.offsetOfWallClock
        while true {
            let isLast = stop.isSet || clock.seconds >= plan.limitSeconds
            tap.take(within: isLast ? 0 : 50) { bytes, packet in
                let decoded = PacketDecoder.decode(bytes, link: .rawIP, wireLength: Int(packet.length))
                guard case .segment(let header, let segment) = decoded else { return }
                flows.take(
                    header,
                    segment,
                    isOutgoing: packet.is_outgoing == 1,
                    device: packet.device,
                    seconds: ProbeClock.seconds(UInt64(max(0, packet.time + offset)))
                )
            }
            if isLast { break }
        }
        record.seconds = clock.seconds
        (record.flows, record.unreported) = flows.report
        record.lost = tap.lost
        return record
    }
}
