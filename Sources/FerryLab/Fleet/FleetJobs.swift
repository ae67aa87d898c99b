internal import Dispatch
internal import FerryCore
internal import Foundation
internal import Synchronization

/// The jobs of a fleet, as many at a time as are wanted: the next begins when one ends.
final class FleetJobs: Sendable {
    /// A source server and where it is.
    struct Source: Sendable {
        var name: String
        var namespace: NodeNamespace
    }

    /// What came of one job.
    struct Outcome: Sendable {
        var job: String
        var seconds = 0.0
        /// Why it is not verified; nil if it is.
        var why: String?
        var progress = AgentProgress()
        var processorTime = ProcessorTime()
        var mostMemory = ByteCount.zero
    }

    private struct Shared {
        var next = 0
        var running: [String: AgentJob] = [:]
        var outcomes: [Outcome] = []
        var isStopped = false
    }

    private let sources: [Source]
    private let options: FleetOptions
    private let endpoint: String
    private let identities: RunIdentities
    private let programs: FerryPrograms
    private let folder: String
    private let shared = Mutex(Shared())
    private let ended = DispatchGroup()

    init(
        _ sources: [Source],
        _ options: FleetOptions,
        endpoint: String,
        _ identities: RunIdentities,
        _ programs: FerryPrograms,
        folder: String
    ) {
        self.sources = sources
        self.options = options
        self.endpoint = endpoint
        self.identities = identities
        self.programs = programs
        self.folder = folder
    }

    /// Starts the first jobs.
    func start() {
        for _ in 0..<min(options.atOnce, sources.count) {
            ended.enter()
            Thread { [self] in
                while let source = take() { note(run(source)) }
                ended.leave()
            }.start()
        }
    }

    /// Waits until all jobs have ended, at most so long. Returns whether they have.
    func wait(seconds: Double) -> Bool { ended.wait(timeout: .now() + seconds) == .success }

    /// Ends those that run, and begins no more.
    func stop() {
        let running = shared.withLock { shared in
            shared.isStopped = true
            return Array(shared.running.values)
        }
        for job in running { job.kill() }
        ended.wait()
    }

    /// Those that have ended.
    var outcomes: [Outcome] { shared.withLock { $0.outcomes } }

    /// How many were verified, failed, run and wait.
    func count(into progress: inout FleetProgress) {
        shared.withLock { shared in
            progress.verified = shared.outcomes.count { $0.why == nil }
            progress.failed = shared.outcomes.count - progress.verified
            progress.running = shared.next - shared.outcomes.count
            progress.waiting = sources.count - shared.next
        }
    }

    private func take() -> Source? {
        shared.withLock { shared in
            guard !shared.isStopped, shared.next < sources.count else { return nil }
            shared.next += 1
            return sources[shared.next - 1]
        }
    }

    private func note(_ outcome: Outcome) { shared.withLock { $0.outcomes.append(outcome) } }

    private func run(_ source: Source) -> Outcome {
        let begun = ContinuousClock.now
        var outcome = Outcome(job: source.name)
        let place = "\(folder)/\(source.name)"
        // All disks of 500 servers at a time would take as much room again as their volumes.
        defer { try? FileManager.default.removeItem(atPath: place) }
        do throws(FerryError) {
            let job = try start(source, in: place)
            let hasEnded = job.wait(atMost: options.limit)
            if !hasEnded {
                job.kill()
                job.wait(atMost: .seconds(10))
            }
            outcome.progress = job.progress
            outcome.processorTime = job.processorTime
            outcome.mostMemory = job.mostMemory
            outcome.why = hasEnded ? job.trouble : "did not end within \(options.limit)"
        } catch {
            outcome.why = error.summary
        }
        shared.withLock { $0.running[source.name] = nil }
        let (seconds, attoseconds) = (ContinuousClock.now - begun).components
        outcome.seconds = Double(seconds) + Double(attoseconds) / 1e18
        return outcome
    }

    private func start(_ source: Source, in place: String) throws(FerryError) -> AgentJob {
        mkdir(place, 0o700)
        let disk = "\(place)/sda"
        let seed = sources.firstIndex { $0.name == source.name } ?? 0
        try SourceDisk(size: options.disk, seed: UInt64(seed) + 1).write(to: disk)
        let job = try AgentJob(
            AgentJob.Options(
                name: source.name,
                disks: [disk],
                endpoints: [endpoint],
                identity: try identities.agent(source.name),
                state: "\(place)/state",
                memory: options.memory
            ),
            programs,
            at: source.namespace
        )
        let isLate = shared.withLock { shared in
            shared.running[source.name] = job
            return shared.isStopped
        }
        if isLate { job.kill() }
        return job
    }
}
