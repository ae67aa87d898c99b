import Foundation

/// All runs of one call of the program, in turn.
final class Session {
    let servers: TwoServers
    let workloads: Workloads
    let ferry: Ferry
    let limit: Double
    private let quietLimit: Double
    private let movers: [any Mover]
    /// Called with every run that has ended.
    private let note: (BenchmarkRun) -> Void
    /// Bytes that unbroken first copies by Ferry sent.
    private var fullBytes: [Int] = []

    init(
        servers: TwoServers,
        workloads: Workloads,
        ferry: Ferry,
        movers: [any Mover],
        limit: Double,
        quietLimit: Double,
        note: @escaping (BenchmarkRun) -> Void
    ) {
        self.servers = servers
        self.workloads = workloads
        self.ferry = ferry
        self.movers = movers
        self.limit = limit
        self.quietLimit = quietLimit
        self.note = note
    }

    /// Every case with every mover, then all of it again, so that what disturbs the machine disturbs all alike.
    func run(_ cases: [BenchmarkCase], rounds: Int) throws(BenchmarkError) {
        for round in 1...rounds {
            for benchmark in cases {
                guard let scene = benchmark.scene else {
                    try runFerryOnly(benchmark, round)
                    continue
                }
                for mover in movers { try runCopy(benchmark, scene, mover, round) }
            }
        }
    }

    private func runCopy(
        _ benchmark: BenchmarkCase,
        _ scene: CopyTask.Scene,
        _ mover: any Mover,
        _ round: Int
    ) throws(BenchmarkError) {
        let task = CopyTask(scene: scene, workloads: workloads, servers: servers, limit: limit)
        var run = BenchmarkRun(benchmark, mover: mover.name, round: round)
        try attempt(&run) { (run) throws(BenchmarkError) in
            try mover.prepare(task)
            try servers.link.shape(benchmark.speed)
            try ready(&run, task.disk)
            let result = try mover.copy(task)
            servers.stop()
            run.measurement = result.measurement
            run.figures = result.figures
            if case .megabits(let rate) = benchmark.speed {
                let seconds = try Double(servers.link.shapedBytes() * 8) / (Double(rate) * 1e6)
                run.figures["linkUsePercent"] = 100 * seconds / result.measurement.wallSeconds
            }
            try check(&run, mover.rule, task.disk, result.copy)
            if mover === ferry, benchmark == .first { fullBytes.append(result.measurement.link.outBytes) }
        }
    }

    private func runFerryOnly(_ benchmark: BenchmarkCase, _ round: Int) throws(BenchmarkError) {
        guard ferry.obstacle == nil else { return }
        switch benchmark {
        case .kill: try KillCase(session: self, round: round).run()
        case .rate: try RateCase(session: self, round: round).run()
        case .memory: try MemoryCase(session: self, round: round).run()
        case .idle: try IdleCase(session: self, round: round).run()
        case .first, .firstShaped, .delta, .sister: break
        }
    }

    /// One run: what goes wrong in it is its result, and the next begins with empty servers.
    func attempt(
        _ run: inout BenchmarkRun,
        _ body: (inout BenchmarkRun) throws(BenchmarkError) -> Void
    ) throws(BenchmarkError) {
        do throws(BenchmarkError) {
            try servers.reset()
            try servers.link.shape(.open)
            try body(&run)
        } catch {
            if error.kind == .stopped { throw error }
            run.failure = error.description
            if run.mover == ferry.name, let event = ferry.lastEvent {
                run.failure = "\(error.description); the agent's last event: \(event)"
            }
        }
        servers.stop()
        try StopRequest.check()
        note(run)
    }

    /// The last before a measurement: the disk is in the page cache and the machine as quiet as it gets.
    func ready(_ run: inout BenchmarkRun, _ disk: WorkloadDisk) throws(BenchmarkError) {
        try SparseFile(disk.image).warm()
        if quietLimit > 0 { run.beganQuiet = MachineLoad.waitUntilQuiet(atMost: quietLimit) }
        try StopRequest.check()
    }

    func check(
        _ run: inout BenchmarkRun,
        _ rule: ImageComparison.Rule,
        _ disk: WorkloadDisk,
        _ copy: String
    ) throws(BenchmarkError) {
        let comparison = try ImageComparison(rule, disk: disk, copy: copy)
        run.comparison = comparison
        if let byte = comparison.firstWrongByte {
            run.faults.append("\(comparison.wrongBlocks) blocks of the copy are wrong, the first at byte \(byte)")
        }
    }

    /// Bytes that unbroken first copies by Ferry sent. They differ a little, because how hard Ferry compresses depends
    /// on how fast the link takes the bytes; so there are three at least.
    func bytesOfFullCopy() throws(BenchmarkError) -> [Int] {
        let task = CopyTask(scene: .first, workloads: workloads, servers: servers, limit: limit)
        while fullBytes.count < 3 {
            try ferry.prepare(task)
            try SparseFile(task.disk.image).warm()
            fullBytes.append(try ferry.copy(task).measurement.link.outBytes)
            try servers.reset()
        }
        return fullBytes
    }
}
