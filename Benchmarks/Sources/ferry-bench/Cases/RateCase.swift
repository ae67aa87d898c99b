import Glibc

/// Whether a rate budget is kept in every second, counted at the device and not by Ferry. A budget is of packets with
/// their IP and TCP headers, as the manual says; with Ethernet headers it is told too, and not judged.
struct RateCase {
    static let budgetMegabits = 50
    /// How much faster one second may be, and how far off the mean.
    private static let secondTolerance = 0.02
    private static let meanTolerance = 0.03
    /// Of the copy, this long is watched.
    private static let watchedSeconds = 60.0

    let session: Session
    let round: Int

    func run() throws(BenchmarkError) {
        var run = BenchmarkRun(.rate, mover: session.ferry.name, round: round)
        try session.attempt(&run) { (run) throws(BenchmarkError) in
            run.remark = try session.servers.link.mayCarryLargePackets(false)
            do throws(BenchmarkError) {
                try watch(&run)
            } catch {
                _ = try session.servers.link.mayCarryLargePackets(true)
                throw error
            }
            _ = try session.servers.link.mayCarryLargePackets(true)
        }
    }

    private func watch(_ run: inout BenchmarkRun) throws(BenchmarkError) {
        let servers = session.servers
        try session.ferry.startStaging()
        try session.ready(&run, session.workloads.first)
        let recorder = try LinkRecorder(servers.source)
        var samples: [LinkSample] = []
        do throws(BenchmarkError) {
            run.measurement = try servers.measure(limit: session.limit) { () throws(BenchmarkError) in
                let agent = try session.ferry.startAgent(
                    .web01,
                    session.workloads.first,
                    ["--rate", "\(RateCase.budgetMegabits)Mbit/s"]
                )
                let end = Clock.now + RateCase.watchedSeconds
                while Clock.now < end, agent.isRunning { usleep(20_000) }
                // What comes after the budget's end is not of interest: the last samples are taken before that.
                samples = recorder.stop()
                agent.send(SIGTERM)
                let ending = agent.wait()
                guard ending == .exited(0) || ending == .exited(1) else {
                    throw BenchmarkError(.failure, "ferry-agent ended with \(ending): \(servers.source.lastWords)")
                }
            }
        } catch {
            _ = recorder.stop()
            throw error
        }
        guard let packets = RateWindows(samples, \.bytesWithoutEthernet), let frames = RateWindows(samples) else {
            throw BenchmarkError(.failure, "too little was sent to say anything: \(servers.source.lastWords)")
        }
        judge(packets, frames, samples.count, &run)
    }

    private func judge(_ packets: RateWindows, _ frames: RateWindows, _ count: Int, _ run: inout BenchmarkRun) {
        let budget = Double(RateCase.budgetMegabits) * 1e6 / 8
        run.figures["budgetMegabits"] = Double(RateCase.budgetMegabits)
        run.figures["highestSecondPercent"] = 100 * packets.highest / budget
        run.figures["lowestSecondPercent"] = 100 * packets.lowest / budget
        run.figures["meanPercent"] = 100 * packets.mean / budget
        run.figures["highestSecondWithEthernetPercent"] = 100 * frames.highest / budget
        run.figures["meanWithEthernetPercent"] = 100 * frames.mean / budget
        run.figures["windowsCount"] = Double(packets.count)
        run.figures["samplesCount"] = Double(count)
        run.figures["longestGapSeconds"] = packets.longestGapSeconds
        if packets.highest > budget * (1 + RateCase.secondTolerance) {
            run.faults.append("a second had more than \(Int(100 + 100 * RateCase.secondTolerance)) % of the budget")
        }
        if abs(packets.mean - budget) > budget * RateCase.meanTolerance {
            run.faults.append("the mean is off by more than \(Int(100 * RateCase.meanTolerance)) %")
        }
    }
}

extension LinkSample {
    /// Without the 14 bytes of every packet's Ethernet header.
    var bytesWithoutEthernet: Int { bytes - 14 * packets }
}
