import Foundation

extension FaultMove {
    /// Changes something on the disk, runs a pass that is spoiled by a fault of `kind`, and compares what came of it.
    func strike(_ kind: FaultKind) async throws {
        if agents.isEmpty {
            // Nothing is remembered and nothing staged before the first pass.
            if !FaultMove.strikesFirstPass(kind) { try await runAgent() }
        }
        if !agents.isEmpty { try await disk.change(using: &generator) }
        switch kind {
        case .agentKilled, .stagingKilled, .bothKilled: try await kill(kind)
        case .resetFromAgent: try await spoil { .resetAfter($0, .fromAgent) }
        case .resetFromStaging: try await spoil { .resetAfter($0 / 50, .fromStaging) }
        case .bitFlippedFromAgent: try await spoil { .flipBitAfter($0, .fromAgent) }
        case .bitFlippedFromStaging: try await spoil { .flipBitAfter($0 / 50, .fromStaging) }
        case .silence: try await spoil(connections: 1) { .silenceAfter($0, .fromAgent) }
        case .oneOfTwoLanesCutAgainAndAgain: try await cutOneOfTwoLanes()
        case .bitFlippedInVolumeMeanwhile: return try await flipBitsInVolumeMeanwhile()
        case .bitFlippedInVolumeBetweenPasses: try Damage.flipBits(5, in: volume, using: &generator)
        case .bitFlippedInState: try Damage.flipBits(20, in: map, using: &generator)
        case .stateCutShort: try Damage.cutShort(map, using: &generator)
        case .stateFileLost: try FileManager.default.removeItem(atPath: map)
        case .stateLost: try FileManager.default.removeItem(atPath: state)
        case .olderState: try await goBackToOlderState()
        case .olderStagingData: try await goBackToOlderStagingData()
        case .onlyChangedOnDisk: break
        }
        if !FaultMove.strikesFirstPass(kind) { try await runWholePass() }
        try await compare()
    }

    /// Whether a fault needs nothing that an earlier pass left; such a fault ends with a pass of its own.
    private static func strikesFirstPass(_ kind: FaultKind) -> Bool {
        switch kind {
        case .agentKilled, .stagingKilled, .bothKilled, .resetFromAgent, .resetFromStaging, .bitFlippedFromAgent,
            .bitFlippedFromStaging, .silence, .oneOfTwoLanesCutAgainAndAgain:
            true
        default: false
        }
    }

    /// Runs an agent; once more if that only ended a pass whose reading was done before.
    private func runWholePass() async throws {
        try await runAgent()
        guard let agent = agents.last, agent.output.contains("\"resumed\":true") else { return }
        try await runAgent()
    }

    private func kill(_ kind: FaultKind) async throws {
        var agent = try startAgent()
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            try await waitForAMoment(of: agent)
            if kind != .stagingKilled {
                if agent.ended() == nil { try await agent.killAndWait() }
            }
            if kind != .agentKilled { try await killStaging() }
            if kind != .stagingKilled { agent = try startAgent() }
        }
        try await finish(agent)
    }

    /// Moves through a relay that does something to the first connections, after a random number of bytes.
    private func spoil(connections: Int = 3, _ fault: @escaping @Sendable (Int) -> CuttingRelay.Fault) async throws {
        // Often early, where few bytes make a difference.
        let bytes = (0..<connections).map { _ in
            let most = [2000, 10_000, 100_000, 2_000_000, 10_000_000].randomElement(using: &generator) ?? 2000
            return Int.random(in: 0...most, using: &generator)
        }
        let relay = try await CuttingRelay(to: staging.port) { $0 < connections ? fault(bytes[$0]) : .none }
        try await finish(try startAgent(to: [relay.port]))
        try await relay.close()
    }

    private func cutOneOfTwoLanes() async throws {
        let cuts = (0..<6).map { _ in
            let most = [5000, 100_000, 3_000_000].randomElement(using: &generator) ?? 5000
            return (bytes: Int.random(in: 1500...most, using: &generator), isAnswer: Bool.random(using: &generator))
        }
        let relay = try await CuttingRelay(to: staging.port) { connection in
            guard connection < cuts.count else { return .none }
            let cut = cuts[connection]
            return cut.isAnswer ? .resetAfter(cut.bytes / 20, .fromStaging) : .resetAfter(cut.bytes, .fromAgent)
        }
        let other = try await CuttingRelay(to: staging.port) { _ in .none }
        try await finish(try startAgent(to: [relay.port, other.port].shuffled(using: &generator), ["--lanes", "2"]))
        try await relay.close()
        try await other.close()
    }

    /// What is flipped after its region was read back is for the next pass to find, and for `verify` until then.
    private func flipBitsInVolumeMeanwhile() async throws {
        let agent = try startAgent()
        for _ in 0..<3 {
            try await waitForAMoment(of: agent)
            try Damage.flipBits(2, in: volume, using: &generator)
        }
        try await finish(agent)
        if try await verify() == 3 { try await runAgent() }
        try await compare()
    }

    private func goBackToOlderState() async throws {
        let older = "\(site.folder)/older-state"
        try FileManager.default.copyItem(atPath: state, toPath: older)
        try await runAgent()
        if Bool.random(using: &generator) { try await disk.change(using: &generator) }
        try FileManager.default.removeItem(atPath: state)
        try FileManager.default.moveItem(atPath: older, toPath: state)
    }

    private func goBackToOlderStagingData() async throws {
        let data = "\(site.folder)/data"
        try await whileStagingIsStopped {
            let (status, output) = try await RunningProgram.run(
                ["cp", "-r", "--sparse=always", data, "\(site.folder)/older-data"],
                in: site.folder
            )
            guard status == 0 else { throw TestFailure("could not copy the data directory: \(output)") }
        }
        try await runAgent()
        if Bool.random(using: &generator) { try await disk.change(using: &generator) }
        try await whileStagingIsStopped {
            try FileManager.default.removeItem(atPath: data)
            try FileManager.default.moveItem(atPath: "\(site.folder)/older-data", toPath: data)
        }
    }
}
