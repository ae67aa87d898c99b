import Glibc

/// How much processor time the source server spends while a slow budget is all that is used.
struct IdleCase {
    static let budgetMegabits = 20
    private static let leadInSeconds = 3.0
    private static let watchedSeconds = 30.0

    let session: Session
    let round: Int

    func run() throws(BenchmarkError) {
        var run = BenchmarkRun(.idle, mover: session.ferry.name, round: round)
        try session.attempt(&run) { (run) throws(BenchmarkError) in
            try session.ferry.startStaging()
            try session.ready(&run, session.workloads.first)
            let agent = try session.ferry.startAgent(
                .web01,
                session.workloads.first,
                ["--rate", "\(IdleCase.budgetMegabits)Mbit/s"]
            )
            Clock.sleep(IdleCase.leadInSeconds)
            let measurement = try session.servers.measure(limit: session.limit) { () throws(BenchmarkError) in
                let end = Clock.now + IdleCase.watchedSeconds
                while Clock.now < end {
                    guard agent.isRunning else {
                        throw BenchmarkError(
                            .failure,
                            "the agent ended too early: \(session.servers.source.lastWords)"
                        )
                    }
                    usleep(20_000)
                }
            }
            agent.send(SIGTERM)
            _ = agent.wait()
            run.measurement = measurement
            let wall = measurement.wallSeconds
            run.figures["sourceCorePercent"] = 100 * measurement.source.processorTime.seconds / wall
            run.figures["stagingCorePercent"] = 100 * measurement.staging.processorTime.seconds / wall
            run.figures["outMegabitsPerSecond"] = Double(measurement.link.outBytes * 8) / wall / 1e6
        }
    }
}
