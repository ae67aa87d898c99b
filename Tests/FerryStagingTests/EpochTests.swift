import FerryCore
import FerryWire
import Testing

/// Of two runs of an agent the later has the job, and which is later is told by a clock that may jump.
@Suite struct EpochTests {
    private static let noon = UTCTime.now()

    private static func hello(_ epoch: UTCTime) -> AgentMessage {
        .hello(
            Hello(
                job: "web01",
                epoch: UInt64(epoch.microseconds),
                lane: 1,
                liveLanes: [1],
                release: "9.9",
                clock: epoch
            )
        )
    }

    private static func ago(_ seconds: Int64) -> UTCTime {
        UTCTime(microseconds: noon.microseconds - seconds * 1_000_000)
    }

    @Test(arguments: [1, 3600, 86_400 * 365 * 20] as [Int64])
    func agentWhoseClockWentBackIsWelcomeOnceItsFormerRunIsGone(seconds: Int64) async throws {
        try await StagingFixture.with { fixture in
            let former = try await TestAgent(port: fixture.port, identity: try fixture.identity())
            try await former.say(EpochTests.hello(EpochTests.noon))
            guard case .welcome? = await former.hear() else { throw TestAgent.unexpected(nil) }
            let early = try await TestAgent(port: fixture.port, identity: try fixture.identity())
            try await early.say(EpochTests.hello(EpochTests.ago(seconds)))
            #expect(try await early.refusal().code == "job.superseded")
            try await early.end()

            try await former.end()
            var answer: StagingMessage?
            // The server hears of the end of the former run when it does.
            for _ in 0..<100 {
                let later = try await TestAgent(port: fixture.port, identity: try fixture.identity())
                try await later.say(EpochTests.hello(EpochTests.ago(seconds)))
                answer = await later.hear()
                try await later.end()
                if case .welcome? = answer { break }
                try await Task.sleep(for: .milliseconds(100))
            }
            guard case .welcome? = answer else { throw TestAgent.unexpected(answer) }
        }
    }

    @Test func clocksYearsApartAreNoReasonToRefuseAnAgent() async throws {
        try await StagingFixture.with { fixture in
            for year in [-30, 0, 30] as [Int64] {
                let agent = try await TestAgent(port: fixture.port, identity: try fixture.identity())
                try await agent.say(EpochTests.hello(EpochTests.ago(-year * 86_400 * 365)))
                guard case .welcome? = await agent.hear() else { throw TestAgent.unexpected(nil) }
                try await agent.end()
            }
        }
    }
}
