public import FerryCore
internal import Foundation

/// Moves a fleet: one staging server, and in the namespace of every source server a real agent with a disk of its own.
///
/// Like `NetworkRange`, it has to be made in a user and a network namespace of its own.
public final class FleetRun {
    private let topology: Topology
    private let options: FleetOptions
    private let programs: FerryPrograms
    private let folder: RunFolder
    private let begun = ContinuousClock.now

    /// A run in the network `topology`, of which only as many source servers are built as are moved.
    /// - Throws: `FerryError` with `ErrorCode.labUnknown` if it has not so many, or no staging server, and with
    ///   `ErrorCode.labTool` if the machine has no room.
    public init(_ topology: Topology, _ options: FleetOptions, _ programs: FerryPrograms) throws(FerryError) {
        let has = topology.sources.count
        guard has >= options.sources, let staging = topology.staging else {
            throw FerryError(
                .labUnknown,
                operation: "move \(options.sources) source servers",
                subject: "of the topology \(topology.name)",
                cause: "it has \(has) (nodes whose place is source-host)"
                    + (topology.staging == nil ? ", and no node with an address whose place is service" : ""),
                advice: "Take fewer, or Lab/topologies/fleet.yaml, which has 500."
            )
        }
        self.topology = topology.keepingSources(options.sources).withoutServices(at: staging.node)
        self.options = options
        self.programs = programs
        folder = try RunFolder()
        try folder.check(roomFor: options.room)
    }

    /// Runs it.
    /// - Parameter goesOn: told five times a second while jobs run, and before whatever takes its time; says whether to
    ///   go on.
    /// - Returns: what came of it; nil if it was stopped.
    /// - Throws: `FerryError` if the network or the staging server cannot be had. A job that fails is in the report.
    public func run(_ goesOn: (FleetProgress) -> Bool) throws(FerryError) -> FleetReport? {
        var report = FleetReport(options)
        guard goesOn(progress(.network)) else { return nil }
        let range = try build(&report)
        guard goesOn(progress(.staging)), let (node, address) = topology.staging else { return nil }
        let childrenBefore = ProcessorTime.ofEndedChildren
        let identities = try RunIdentities(programs, in: "\(folder.path)/identities", hosts: [address])
        let endpoint = "\(address):8703"
        let staging = try StagingServer(
            StagingServer.Options(
                data: "\(folder.path)/data",
                listen: endpoint,
                identity: identities.staging,
                log: "\(folder.path)/staging.log"
            ),
            programs,
            at: try range.namespace(of: node),
            waiting: { _ = goesOn(progress(.staging)) }
        )
        let jobs = try jobs(endpoint, identities, range)
        let jobsBegun = ContinuousClock.now
        jobs.start()
        while !jobs.wait(seconds: 0.2) {
            var progress = progress(.jobs)
            jobs.count(into: &progress)
            progress.wireBytes = wireBytes(range)
            guard goesOn(progress) else {
                jobs.stop()
                staging.kill()
                return nil
            }
        }
        report.jobSeconds = FleetRun.seconds(since: jobsBegun)
        _ = goesOn(progress(.end))
        staging.end()
        // The lines tell what they counted 50 times a second.
        usleep(50_000)
        note(jobs.outcomes, in: &report)
        report.stagingTime = staging.processorTime
        report.mostStagingMemory = staging.mostMemory
        report.identitiesTime =
            ProcessorTime.ofEndedChildren - childrenBefore - report.agentsTime - report.stagingTime
        note(range, in: &report)
        return report
    }

    private func build(_ report: inout FleetReport) throws(FerryError) -> NetworkRange {
        let before = (memory: MachineMemory.now(), children: ProcessorTime.ofEndedChildren)
        let begun = ContinuousClock.now
        let range = try NetworkRange(topology)
        report.buildSeconds = FleetRun.seconds(since: begun)
        report.namespaces = topology.nodes.count
        report.toolsTime = ProcessorTime.ofEndedChildren - before.children
        if let before = before.memory, let after = MachineMemory.now() {
            report.slab = after.slab > before.slab ? after.slab - before.slab : .zero
            report.unavailable =
                before.available > after.available ? before.available - after.available : .zero
        }
        return range
    }

    private func jobs(
        _ endpoint: String,
        _ identities: RunIdentities,
        _ range: NetworkRange
    ) throws(FerryError) -> FleetJobs {
        var sources: [FleetJobs.Source] = []
        for name in topology.sources {
            sources.append(FleetJobs.Source(name: name, namespace: try range.namespace(of: name)))
        }
        let place = "\(folder.path)/sources"
        mkdir(place, 0o700)
        return FleetJobs(sources, options, endpoint: endpoint, identities, programs, folder: place)
    }

    private func note(_ outcomes: [FleetJobs.Outcome], in report: inout FleetReport) {
        let seconds = outcomes.map(\.seconds).sorted()
        if let first = seconds.first, let last = seconds.last {
            report.secondsOfAJob = [first, seconds[seconds.count / 2], last]
        }
        for outcome in outcomes {
            if let why = outcome.why {
                report.failures.append(FleetReport.Failure(job: outcome.job, why: why))
            } else {
                report.verified += 1
            }
            report.interruptions += outcome.progress.interruptions
            report.sentBytes += ByteCount(outcome.progress.sentBytes)
            report.alreadyThereBytes += ByteCount(outcome.progress.alreadyThereBytes)
            report.agentsTime = report.agentsTime + outcome.processorTime
            report.mostAgentMemory = max(report.mostAgentMemory, outcome.mostMemory)
        }
    }

    private func note(_ range: NetworkRange, in report: inout FleetReport) {
        for line in range.lineNames.compactMap(range.line(ofLink:)) {
            let (forward, back) = line.counts
            report.forward += forward
            report.back += back
            let (seconds, attoseconds) = line.processorTime.components
            report.linesSeconds += Double(seconds) + Double(attoseconds) / 1e18
        }
        report.labTime = ProcessorTime.ofThisProcess
    }

    private func wireBytes(_ range: NetworkRange) -> ByteCount {
        ByteCount(
            range.lineNames.compactMap(range.line(ofLink:)).reduce(0) {
                $0 + $1.counts.forward.deliveredBytes + $1.counts.back.deliveredBytes
            }
        )
    }

    private func progress(_ phase: FleetProgress.Phase) -> FleetProgress {
        FleetProgress(phase: phase, seconds: FleetRun.seconds(since: begun))
    }

    private static func seconds(since begun: ContinuousClock.Instant) -> Double {
        let (seconds, attoseconds) = (ContinuousClock.now - begun).components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}

extension FleetReport.Packets {
    fileprivate static func += (packets: inout FleetReport.Packets, counts: LineCounts) {
        packets.count += counts.delivered
        packets.bytes += ByteCount(counts.deliveredBytes)
        packets.lost += counts.lost + counts.policed + counts.queueFull + counts.tooLong + counts.overrun
    }
}
