import Foundation
import Testing

@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct InterruptionTests {
    @Test func connectionsResetAtAnyByteLoseNothing() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, seed: seed)
            let staging = try await site.startStaging()
            // Eight connections die somewhere, the ninth lives.
            let relay = try await CuttingRelay(to: staging.port) { connection in
                var generator = SeededGenerator(seed: seed &+ UInt64(connection))
                return connection < 8 ? .resetAfter(Int.random(in: 0...4_000_000, using: &generator)) : .none
            }
            let agent = try site.start(site.replicate(disk, to: relay.port))
            #expect(try await agent.wait(180) == 0, "seed \(seed)\n\(agent.output.suffix(3000))")
            try site.expectEqual(disk, "seed \(seed)")
            try await relay.close()
        }
    }

    @Test func bitFlippedBelowTLSIsNeverPassedOn() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, seed: seed)
            let staging = try await site.startStaging()
            let relay = try await CuttingRelay(to: staging.port) { connection in
                var generator = SeededGenerator(seed: seed &+ UInt64(connection))
                return connection < 4 ? .flipBitAfter(Int.random(in: 3000...3_000_000, using: &generator)) : .none
            }
            let agent = try site.start(site.replicate(disk, to: relay.port))
            #expect(try await agent.wait(180) == 0, "seed \(seed)\n\(agent.output.suffix(3000))")
            try site.expectEqual(disk, "seed \(seed)")
            try await relay.close()
        }
    }

    @Test func bothProcessesMayBeKilledAtAnyMoment() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, seed: seed)
            var staging = try await site.startStaging()
            // Slow enough that the kills fall into the work.
            let words = site.replicate(disk, to: staging.port, ["--rate", "100Mbit/s"])
            var agent = try site.start(words)
            var agentKills = 0
            for _ in 0..<10 {
                try await Task.sleep(for: .milliseconds(Int.random(in: 5...700, using: &generator)))
                if Bool.random(using: &generator) {
                    try await staging.program.killAndWait()
                    staging = try await site.startStaging()
                } else if agent.ended() == nil {
                    try await agent.killAndWait()
                    agentKills += 1
                    agent = try site.start(words)
                } else {
                    agent = try site.start(words)
                }
            }
            if agent.ended() == nil { try await agent.killAndWait() }
            let last = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await last.wait(180) == 0, "seed \(seed)\n\(last.output.suffix(3000))")
            try site.expectEqual(disk, "seed \(seed), \(agentKills) kills of the agent")
        }
    }

    @Test func laterRunOfAnAgentTakesTheJobOver() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, seed: 3)
            let staging = try await site.startStaging()
            let earlier = try site.start(site.replicate(disk, to: staging.port, ["--rate", "10Mbit/s"]))
            try await earlier.says("pass-started")
            let later = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await later.wait() == 0, "\(later.output.suffix(2000))")
            #expect(try await earlier.wait() == 1)
            #expect(earlier.output.contains("job.superseded"))
            try site.expectEqual(disk)
        }
    }

    @Test func silentConnectionIsGivenUpAndSaidToBeSilent() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 64, seed: 9)
            let staging = try await site.startStaging()
            let relay = try await CuttingRelay(to: staging.port) { $0 == 0 ? .silenceAfter(1_500_000) : .none }
            let agent = try site.start(site.replicate(disk, to: relay.port))
            #expect(try await agent.wait(120) == 0, "\(agent.output.suffix(3000))")
            try site.expectEqual(disk)
            let end = try #require(Events(agent.output).named("lane-ended").first)
            #expect(end["outcome"] as? String == "MID_STALL_RX")
            #expect(end["closedBy"] as? String == "nobody")
            try await relay.close()
        }
    }

    @Test func flippedBitInTheVolumeIsFoundAndRepaired() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, seed: seed)
            let staging = try await site.startStaging()
            let first = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await first.wait() == 0, "\(first.output)")
            // In data and in what must be zero.
            let file = try #require(FileHandle(forUpdatingAtPath: site.volume(disk)))
            for _ in 0..<5 {
                let place = UInt64.random(in: 0..<(190 << 20), using: &generator)
                try file.seek(toOffset: place)
                let byte = try file.read(upToCount: 1)?.first ?? 0
                try file.seek(toOffset: place)
                try file.write(contentsOf: Data([byte ^ 0x10]))
            }
            try file.close()
            let (status, said) = try await RunningProgram.run(
                [Programs.ferry, "staging", "verify", "web01/sda", "--data", "\(site.folder)/data"],
                in: site.folder
            )
            #expect(status == 3, "seed \(seed)\n\(said)")
            let second = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await second.wait() == 0, "seed \(seed)\n\(second.output.suffix(3000))")
            #expect(!Events(second.output).named("repairing").isEmpty, "seed \(seed)")
            try site.expectEqual(disk, "seed \(seed)")
        }
    }

    @Test func damagedStateIsNotBelieved() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, seed: seed)
            let staging = try await site.startStaging()
            let first = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await first.wait() == 0, "\(first.output)")
            let path = "\(site.folder)/state/web01/sda.map"
            for round in 0..<3 {
                let length = (try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
                let file = try #require(FileHandle(forUpdatingAtPath: path))
                for _ in 0..<(round == 2 ? 1 : 50) {
                    // The last round hits the header.
                    let place = UInt64.random(in: 0..<UInt64(round == 2 ? 400 : length), using: &generator)
                    try file.seek(toOffset: place)
                    let byte = try file.read(upToCount: 1)?.first ?? 0
                    try file.seek(toOffset: place)
                    try file.write(contentsOf: Data([byte ^ 0x40]))
                }
                try file.close()
                try await TestDisk.change(disk, blocks: 20, seed: seed &+ UInt64(round))
                let again = try site.start(site.replicate(disk, to: staging.port))
                #expect(try await again.wait() == 0, "seed \(seed)\n\(again.output.suffix(3000))")
                try site.expectEqual(disk, "seed \(seed), round \(round)")
            }
        }
    }
}
