/// How much memory the agent takes with its default limits, and the staging server for one job.
struct MemoryCase {
    private static let agentLimit = 64 << 20

    let session: Session
    let round: Int

    func run() throws(BenchmarkError) {
        var run = BenchmarkRun(.memory, mover: session.ferry.name, round: round)
        try session.attempt(&run) { (run) throws(BenchmarkError) in
            let servers = session.servers
            let disk = session.workloads.first
            try session.ferry.startStaging()
            try session.ready(&run, disk)
            let measurement = try servers.measure(limit: session.limit) { () throws(BenchmarkError) in
                run.figures = try session.ferry.replicate(.web01, disk, []).figures
            }
            let copy = try session.ferry.volume(.web01)
            servers.stop()
            run.measurement = measurement
            if measurement.source.memory.highWaterBytes > MemoryCase.agentLimit {
                run.faults.append("the agent took more than its limit of \(MemoryCase.agentLimit >> 20) MiB")
            }
            try session.check(&run, session.ferry.rule, disk, copy)
        }
    }
}
