import Dispatch
import FerryCore
import FerryImage
import FerryWire
import Synchronization
import Testing

@testable import FerryStaging

/// A volume's storage that refuses to keep what was written.
private final class FailingStorage: Sendable {
    private let failures: Mutex<Int>
    private let store = Mutex<StagingStore?>(nil)
    /// Signalled when a checkpoint has failed and nobody was told yet.
    let hasFailed = AsyncStream.makeStream(of: Void.self)
    /// Waited for before anybody is told.
    let mayTell = DispatchSemaphore(value: 0)

    init(failures: Int) { self.failures = Mutex(failures) }

    func use(_ store: StagingStore) { self.store.withLock { $0 = store } }

    func commit(_ volumes: [Volume]) throws {
        let fails = failures.withLock { left in
            left -= 1
            return left >= 0
        }
        guard fails else {
            try store.withLock { $0 }?.commit(volumes)
            return
        }
        for volume in volumes {
            _ = volume.beginCheckpoint()
            volume.endCheckpoint(succeeded: false)
        }
        hasFailed.continuation.yield()
        mayTell.wait()
        throw VolumeStorage.failure("synchronize", "sda", 5)
    }
}

@Suite("Storage that fails", .timeLimit(.minutes(5))) struct StorageFailureTests {
    @Test func agentsWhoseVolumeItWasWaitAndTheOthersGoOn() async throws {
        let storage = FailingStorage(failures: 1)
        try await CoreFixture.with(commit: { try storage.commit($0) }) { fixture in
            storage.use(fixture.store)
            let other = try await fixture.agent("web02", job: "other")
            let agent = try await fixture.agent(job: "job01")
            storage.mayTell.signal()
            try await agent.say(TestOffer.ofNothing(1, 0))
            _ = try await agent.need()
            let refusal = try await agent.refusal()
            #expect(refusal.code == "volume.failed" && refusal.mayRetry)
            try await agent.end()
            try await other.say(TestOffer.ofNothing(1, 0))
            _ = try await other.need()
            try await other.durable(1)
            try await other.end()
            // Nothing of it is left in the way of the next attempt.
            let again = try await fixture.agent(job: "job01")
            try await again.say(TestOffer.ofNothing(1, 0))
            _ = try await again.need()
            try await again.durable(1)
            try await again.end()
        }
    }

    @Test func whatIsNotedBeforeTheFailureIsHeardOfIsNotBelieved() async throws {
        let storage = FailingStorage(failures: 1)
        try await CoreFixture.with(commit: { try storage.commit($0) }) { fixture in
            storage.use(fixture.store)
            let agent = try await fixture.agent(job: "job01")
            try await agent.say(TestOffer.ofNothing(1, 0))
            _ = try await agent.need()
            for await _ in storage.hasFailed.stream { break }
            try await agent.say(TestOffer.ofNothing(2, 1))
            _ = try await agent.need()
            #expect(try await fixture.comes { $0.applied.count == 1 })
            storage.mayTell.signal()
            #expect(try await agent.refusal().mayRetry)
            let left = fixture.store.openVolumes.map(\.unindexedCount)
            #expect(left == [0])
            let known = try fixture.store.index.read { reading in
                try fixture.store.openVolumes.compactMap { try $0.regionRecord(1, reading) }
            }
            #expect(known.isEmpty)
            try await agent.end()
        }
    }

    @Test func indexThatTakesNothingAnyMoreIsTold() throws {
        #expect(Index.isDead(Index.failure(-30795, "write")))
        #expect(!Index.isDead(Index.failure(5, "write")))
        for error in [Index.failure(-30795, "write"), Index.failure(5, "write")] {
            #expect(StagingCore.ferryError(error).retry == .later)
        }
    }
}
