import Foundation
import Synchronization

/// Measures both servers from `init` to `stop`, and ends everything on them when it takes too long or somebody wants
/// the benchmark to end.
final class Meter {
    private let servers: TwoServers
    private let limit: Double
    private let began: Double
    private let timeBefore: (source: ProcessorTime, staging: ProcessorTime)
    private let linkBefore: LinkCounters
    private let loadBefore: MachineLoad
    private let watch: Watch
    private let ticker: Ticker

    /// What the sampling thread writes.
    private final class Watch: Sendable {
        let peaks = Mutex((source: MemoryPeak(), staging: MemoryPeak()))
        let isTooLate = Atomic(false)
    }

    /// - Parameter limit: seconds after which everything on both servers is ended.
    init(_ servers: TwoServers, limit: Double) throws(BenchmarkError) {
        self.servers = servers
        self.limit = limit
        let watch = Watch()
        self.watch = watch
        let groups = (source: servers.source.group, staging: servers.staging.group)
        groups.source.forgetPeakMemory()
        groups.staging.forgetPeakMemory()
        linkBefore = try servers.link.counters()
        timeBefore = (groups.source.processorTime, groups.staging.processorTime)
        loadBefore = .now()
        let began = Clock.now
        self.began = began
        ticker = Ticker(every: 0.1) {
            watch.peaks.withLock {
                $0.source.note(groups.source.processes)
                $0.staging.note(groups.staging.processes)
            }
            let isTooLate = Clock.now - began > limit
            if isTooLate { watch.isTooLate.store(true, ordering: .relaxed) }
            if isTooLate || StopRequest.isThere {
                groups.source.killAll()
                groups.staging.killAll()
            }
        }
    }

    /// What it cost until now.
    func stop() throws(BenchmarkError) -> Measurement {
        let wall = Clock.now - began
        let load = MachineLoad.now()
        ticker.stop()
        try StopRequest.check()
        guard !watch.isTooLate.load(ordering: .relaxed) else {
            let words = "source: \(servers.source.lastWords); staging: \(servers.staging.lastWords)"
            throw BenchmarkError(.failure, "ended after \(Int(limit)) s; \(words)")
        }
        let peaks = watch.peaks.withLock { $0 }
        func side(_ host: Host, _ before: ProcessorTime, _ peak: MemoryPeak) -> Measurement.Side {
            Measurement.Side(
                processorTime: host.group.processorTime - before,
                memory: peak,
                groupPeakBytes: host.group.peakMemoryBytes
            )
        }
        let source = side(servers.source, timeBefore.source, peaks.source)
        let staging = side(servers.staging, timeBefore.staging, peaks.staging)
        let busy = load.busySeconds - loadBefore.busySeconds
        return Measurement(
            wallSeconds: wall,
            source: source,
            staging: staging,
            link: try servers.link.counters() - linkBefore,
            othersSeconds: max(0, busy - source.processorTime.seconds - staging.processorTime.seconds),
            stolenSeconds: load.stolenSeconds - loadBefore.stolenSeconds
        )
    }
}

extension TwoServers {
    /// Measures `body`, which starts processes and waits for them.
    func measure(limit: Double, _ body: () throws(BenchmarkError) -> Void) throws(BenchmarkError) -> Measurement {
        let meter = try Meter(self, limit: limit)
        do throws(BenchmarkError) {
            try body()
        } catch {
            // Why it was ended says more than how its processes did.
            _ = try meter.stop()
            throw error
        }
        return try meter.stop()
    }
}

extension Host {
    /// Waits for a process of this server, which must succeed.
    func await(_ child: ChildProcess, _ what: String) throws(BenchmarkError) {
        let ending = child.wait()
        guard ending == .exited(0) else {
            throw BenchmarkError(.failure, "\(what) ended with \(ending): \(lastWords)")
        }
    }
}
