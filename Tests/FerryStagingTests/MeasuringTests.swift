import FerryAddress
import FerryCore
import FerryReplication
import FerryWire
import Foundation
import NIOCore
import Testing

@testable import FerryStaging

@Suite(.serialized) struct MeasuringTests {
    @Test func trialMeasuresTheWayAndLeavesNothing() async throws {
        try await StagingFixture.with { fixture in
            let trial = EndpointTrial(identity: try fixture.identity(), job: try JobID("job01"), rate: nil)
            let result = try await trial.run(try EndpointAddress(parsing: "127.0.0.1:\(fixture.port)"))
            #expect(result.failure == nil)
            #expect(result.release == "9.9" && result.version == 1)
            #expect(result.observed == result.source)
            #expect(result.roundTrips.count == 10)
            #expect(result.owner == .nobody)
            #expect(result.clock.map { abs($0.server.microseconds - $0.here.microseconds) < 5_000_000 } == true)
            let rate = try #require(result.rate)
            #expect(rate.sent > .zero && rate.sent <= .mebibytes(16), "\(rate)")
            #expect(try HTTPClient.get("/sessions", port: fixture.http).body == "{\"sessions\":[]}\n")
            #expect(try HTTPClient.get("/volumes", port: fixture.http).body == "{\"volumes\":[]}\n")
            let metrics = try HTTPClient.get("/metrics", port: fixture.http).body
            #expect(metrics.contains("\nferry_staging_measured_bytes_total \(rate.sent.bytes)\n"))
            #expect(metrics.contains("\nferry_staging_refused_lanes_total 0\n"))
        }
    }

    @Test func trialKeepsToTheRateBudget() async throws {
        try await StagingFixture.with { fixture in
            let trial = EndpointTrial(identity: try fixture.identity(), job: nil, rate: .megabits(8))
            let result = try await trial.run(try EndpointAddress(parsing: "127.0.0.1:\(fixture.port)"))
            let rate = try #require(result.rate)
            #expect(rate.rate < .megabits(9), "\(rate.rate)")
            #expect(rate.sent > .zero && rate.sent < .mebibytes(5), "\(rate)")
        }
    }

    @Test func askingForAJobClaimsItForNobody() async throws {
        try await StagingFixture.with { fixture in
            let curious = try await TestAgent(port: fixture.port, identity: try fixture.identity("web02"))
            try await curious.say(.measure(Measure(token: 1, job: "job01")))
            let free = try await curious.measured()
            #expect(free.owner == .nobody && free.token == 1)
            let owner = try await TestAgent(port: fixture.port, identity: try fixture.identity("web01"))
            try await owner.greet("job01")
            try await curious.say(.measure(Measure(token: 2, job: "job01")))
            let taken = try await curious.measured()
            #expect(taken.owner == .anotherAgent)
            try await curious.end()
            let again = try await TestAgent(port: fixture.port, identity: try fixture.identity("web01"))
            try await again.say(.measure(Measure(token: 3, job: "job01")))
            let own = try await again.measured()
            #expect(own.owner == .thisAgent)
            try await again.say(.measure(Measure(token: 4, job: "../x")))
            let refusal = try await again.refusal()
            #expect(refusal.code == "input.name")
            try await again.end()
            try await owner.end()
        }
    }

    @Test func laneMayMeasureOnlyBeforeItCarriesAJob() async throws {
        try await StagingFixture.with { fixture in
            let agent = try await TestAgent(port: fixture.port, identity: try fixture.identity())
            try await agent.say(.measure(Measure(token: 1)))
            _ = try await agent.measured()
            try await agent.greet("job01")
            try await agent.say(.measure(Measure(token: 2)))
            let refusal = try await agent.refusal()
            #expect(refusal.code == "wire.unexpected")
            try await agent.end()
        }
    }

    @Test func agentThatMeasuresWithoutEndIsRefused() async throws {
        try await StagingFixture.with { fixture in
            let filler = ByteBuffer(repeating: 7, count: Measure.longestFiller)
            let agent = try await TestAgent(port: fixture.port, identity: try fixture.identity())
            for token in 0...UInt64(Measure.mostFiller.int / Measure.longestFiller) {
                try await agent.say(.measure(Measure(token: token, filler: filler)))
            }
            var last: StagingMessage?
            while let message = await agent.hear() { last = message }
            let refusal = try TestAgent.refusal(last)
            #expect(refusal.code == "measure.enough" && refusal.mayRetry)
            try await agent.end()
        }
    }

    @Test func allowanceBelongsToTheAgentAndComesBackWithTime() throws {
        var allowance = MeasuringAllowance()
        let one = try AgentName("web01")
        let other = try AgentName("web02")
        let now = NIODeadline.now()
        var taken = 0
        while allowance.take(1 << 20, for: one, at: now) { taken += 1 }
        #expect(taken == 64)
        let answers = [
            allowance.take(1 << 20, for: other, at: now),
            allowance.take(1 << 20, for: one, at: now),
            allowance.take(16 << 20, for: one, at: now + .seconds(16)),
            allowance.take(16 << 20, for: one, at: now + .seconds(16)),
            allowance.take(64 << 20, for: one, at: now + .hours(1)),
        ]
        #expect(answers == [true, false, true, false, true])
    }

    @Test func shortQuestionsAreNotFree() throws {
        var allowance = MeasuringAllowance()
        let agent = try AgentName("web01")
        let now = NIODeadline.now()
        var taken = 0
        while taken < 1_000_000, allowance.take(0, for: agent, at: now) { taken += 1 }
        #expect(taken == 65536)
    }
}
