import Foundation

/// One small disk that is moved in several passes, each spoiled in another way and then compared whole.
final class FaultMove {
    let site: Site
    let disk: FaultDisk
    var staging: Staging
    var generator: SeededGenerator
    private(set) var agents: [RunningProgram] = []
    private var verifications = 0

    /// So long a pass of a small disk may take, whatever happens to it.
    private static let patience = 120.0

    init(_ site: Site, seed: UInt64) async throws {
        self.site = site
        generator = SeededGenerator(seed: seed)
        let mebibytes = Int.random(in: 24...64, using: &generator)
        disk = try await FaultDisk(at: "\(site.folder)/sda", mebibytes: mebibytes, using: &generator)
        staging = try await site.startStaging()
    }

    var state: String { "\(site.folder)/state/web01" }
    var map: String { "\(state)/sda.map" }
    var volume: String { site.volume(disk.path) }

    /// What agents and staging servers have said, without what agents say every second.
    var logs: String {
        let events = agents.suffix(3).map { agent in
            let lines = agent.output.split(separator: "\n").filter { !$0.contains("\"event\":\"progress\"") }
            return lines.joined(separator: "\n")
        }
        return "agents:\n\(events.joined(separator: "\n---\n"))\nstaging:\n\(staging.program.output.suffix(4000))"
    }

    // MARK: Agents

    /// Starts an agent, slowed down now and then so that what happens falls into every part of its work.
    func startAgent(to ports: [Int]? = nil, _ more: [String] = []) throws -> RunningProgram {
        let ports = ports ?? [staging.port]
        var words = site.replicate(disk.path, to: ports[0], more)
        if ports.count > 1, let place = words.firstIndex(of: "--to") {
            words[place + 1] = ports.map { "127.0.0.1:\($0)" }.joined(separator: ",")
        }
        if let rate = [nil, nil, "100Mbit/s", "300Mbit/s"].randomElement(using: &generator) ?? nil {
            words += ["--rate", rate]
        }
        let agent = try site.start(words)
        agents.append(agent)
        return agent
    }

    /// Waits for an agent's end, which must be a good one.
    func finish(_ agent: RunningProgram) async throws {
        let status = try await agent.wait(FaultMove.patience)
        guard status == 0 else { throw TestFailure("the agent ended with status \(status)") }
    }

    /// Runs an agent that nothing happens to.
    func runAgent() async throws { try await finish(try startAgent()) }

    /// Waits until a moment somewhere in an agent's work, or its end.
    func waitForAMoment(of agent: RunningProgram) async throws {
        let moments = [("", 300), ("lane-started", 30), ("pass-started", 400), ("verifying", 60)]
        let (sign, longest) = moments.randomElement(using: &generator) ?? ("", 300)
        let delay = Int.random(in: 0...longest, using: &generator)
        let deadline = Date().addingTimeInterval(20)
        while !agent.output.contains(sign), agent.ended() == nil, Date() < deadline {
            try await Task.sleep(for: .milliseconds(1))
        }
        try await Task.sleep(for: .milliseconds(delay))
    }

    // MARK: Staging server

    func killStaging() async throws {
        try await staging.program.killAndWait()
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...300, using: &generator)))
        staging = try await site.startStaging()
    }

    /// Stops the staging server, lets `body` do something to its files, and starts it again.
    func whileStagingIsStopped(_ body: () async throws -> Void) async throws {
        staging.program.send(SIGTERM)
        guard try await staging.program.wait() == 0 else { throw TestFailure("the staging server did not stop") }
        try await body()
        staging = try await site.startStaging()
    }

    // MARK: Comparing

    /// Compares the volume with the disk, and now and then asks the staging server too.
    func compare() async throws {
        if let difference = try VolumeComparison.difference(of: disk.path, volume) { throw TestFailure(difference) }
        verifications += 1
        guard verifications.isMultiple(of: 5), try await verify() != 0 else { return }
        throw TestFailure("the volume is equal, and ferry staging verify says that it is not")
    }

    /// What `ferry staging verify` says: 0 for a volume that agrees with the index, 3 for one that does not.
    func verify() async throws -> Int32 {
        let (status, output) = try await RunningProgram.run(
            [Programs.ferry, "staging", "verify", "web01/sda", "--data", "\(site.folder)/data"],
            in: site.folder
        )
        guard status == 0 || status == 3 else { throw TestFailure("verify ended with \(status): \(output)") }
        return status
    }
}
