import Glibc

/// What is sent twice when the agent or the staging server is killed, and whether the image is right all the same.
struct KillCase {
    enum Victim: String, CaseIterable {
        case agent = "agent killed"
        case staging = "staging server killed"
    }

    let session: Session
    let round: Int

    func run() throws(BenchmarkError) {
        for victim in Victim.allCases {
            var run = BenchmarkRun(.kill, mover: session.ferry.name, variant: victim.rawValue, round: round)
            // The first at half, the others anywhere.
            let share = round == 1 ? 0.5 : Double.random(in: 0.05...0.95)
            try session.attempt(&run) { (run) throws(BenchmarkError) in try kill(victim, at: share, &run) }
        }
    }

    private func kill(_ victim: Victim, at share: Double, _ run: inout BenchmarkRun) throws(BenchmarkError) {
        let ferry = session.ferry
        let servers = session.servers
        let disk = session.workloads.first
        let full = Statistic(try session.bytesOfFullCopy().map(Double.init))
        var staging = try ferry.startStaging()
        try session.ready(&run, disk)
        let before = try servers.link.counters()
        var killedAt = 0
        var events = AgentEvents()
        let measurement = try servers.measure(limit: session.limit) { () throws(BenchmarkError) in
            let agent = try ferry.startAgent(.web01, disk, Ferry.roomy)
            repeat {
                usleep(2000)
                guard agent.isRunning else {
                    throw BenchmarkError(
                        .failure,
                        "the agent ended before it could be killed: \(servers.source.lastWords)"
                    )
                }
                killedAt = (try servers.link.counters() - before).outBytes
            } while Double(killedAt) < share * full.median
            switch victim {
            case .agent:
                agent.send(SIGKILL)
                _ = agent.wait()
                Clock.sleep(0.5)
                events = try ferry.replicate(.web01, disk, Ferry.roomy)
            case .staging:
                staging.send(SIGKILL)
                _ = staging.wait()
                Clock.sleep(0.5)
                staging = try ferry.startStaging()
                try servers.source.await(agent, "ferry-agent")
                events = ferry.events(of: .web01)
            }
        }
        let copy = try ferry.volume(.web01)
        servers.stop()
        run.measurement = measurement
        run.figures = events.figures
        run.figures["killedAtPercent"] = 100 * Double(killedAt) / full.median
        run.figures["killedAtBytes"] = Double(killedAt)
        run.figures["fullCopyBytes"] = full.median
        run.figures["fullCopySpreadBytes"] = full.highest - full.lowest
        run.figures["sentTwiceBytes"] = Double(measurement.link.outBytes) - full.median
        try session.check(&run, ferry.rule, disk, copy)
    }
}
