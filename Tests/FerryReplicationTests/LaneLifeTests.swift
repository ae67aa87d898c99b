import FerryCore
import FerryWire
import NIOCore
import Testing

@testable import FerryReplication
@testable import FerryTransport

@Suite(.timeLimit(.minutes(5)))
struct LaneLifeTests {
    private let image = DriverFixture.Image(regions: 4, withContent: [0])

    /// What is to go away. Touched on the event loop only, or when everything is over.
    private final class Watched: @unchecked Sendable {
        weak var driver: JobDriver?
        weak var agentLane: AgentLane?
        weak var lane: Lane?

        var isGone: Bool { driver == nil && agentLane == nil && lane == nil }
    }

    @Test func laneThatHasEndedGoesAway() async throws {
        let watched = Watched()
        try await DriverFixture.with([image]) { fixture in
            try await fixture.on { driver, staging in
                staging.script = { message, peer in
                    guard case .endPass = message, peer.number == 1 else { return false }
                    watched.agentLane = driver.lanes.first
                    watched.lane = driver.lanes.first?.lane
                    peer.hangUp()
                    return true
                }
                driver.start()
            }
            try await fixture.wait { driver, staging in
                staging.dials == 2 && watched.agentLane == nil && watched.lane == nil
            }
            try await fixture.on { _, staging in staging.script = { _, _ in false } }
            try await fixture.finish()
        }
    }

    @Test func everythingGoesAwayWhenTheJobIsStopped() async throws {
        let watched = Watched()
        try await DriverFixture.with([image]) { fixture in
            try await fixture.on { driver, staging in
                staging.script = { message, _ in if case .endPass = message { true } else { false } }
                watched.driver = driver
                driver.start()
            }
            try await fixture.wait { driver, _ in driver.disks[0].phase == .verifying }
            try await fixture.on { driver, _ in
                watched.agentLane = driver.lanes.first
                watched.lane = driver.lanes.first?.lane
                #expect(watched.lane != nil)
                driver.fail(CancellationError())
            }
            try await fixture.letGo()
            // Its timers notice within a second.
            for _ in 0..<600 where !watched.isGone { try await Task.sleep(for: .milliseconds(5)) }
            #expect(watched.isGone)
        }
    }

    @Test func endpointThatAnswersNothingIsTriedByOneLane() async throws {
        try await DriverFixture.with([image], lanes: 8) { fixture in
            try await fixture.on { driver, staging in
                staging.isReachable = false
                driver.start()
            }
            try await Task.sleep(for: .milliseconds(2500))
            #expect(try await fixture.on { _, staging in staging.dials } == 1)
        }
    }

    @Test func wellEndpointGetsAllLanes() async throws {
        try await DriverFixture.with([image], lanes: 8) { fixture in
            try await fixture.on { driver, staging in
                staging.script = { message, _ in if case .endPass = message { true } else { false } }
                driver.start()
            }
            try await fixture.wait { driver, _ in driver.lanes.count(where: \.isOpen) == 8 }
            #expect(try await fixture.on { _, staging in staging.dials } == 8)
        }
    }
}
