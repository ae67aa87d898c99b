import Dispatch
import FerryCore
import FerryImage
import FerryTransport
import FerryWire
import NIOCore
import NIOPosix
import Testing

@testable import FerryStaging

@Suite("Lanes that come, go and are refused", .timeLimit(.minutes(5))) struct LaneAdmissionTests {
    private func hello(_ job: String = "job01", epoch: UInt64 = 7, lane: UInt32 = 1) -> AgentMessage {
        .hello(Hello(job: job, epoch: epoch, lane: lane, liveLanes: Array(1...200), release: "9.9", clock: .now()))
    }

    private func disk(_ number: UInt16, _ name: String, _ size: ByteCount) -> AgentMessage {
        .openDisk(OpenDisk(disk: number, name: name, identity: "x", size: size, cutRule: 1))
    }

    /// Holds up whatever is to be looked up in the index, until the semaphore is signalled.
    private func holdUpIndex(_ fixture: CoreFixture) -> DispatchSemaphore {
        let semaphore = DispatchSemaphore(value: 0)
        fixture.indexer.submit { _ in semaphore.wait() }
        return semaphore
    }

    @Test func nothingIsDoneForALaneThatWasRefused() async throws {
        try await CoreFixture.with { fixture in
            let agent = try await fixture.agent()
            try await agent.greet("job01")
            try await agent.say(atOnce: [disk(0, "sda", .zero), disk(1, "sdb", .mebibytes(1))])
            #expect(try await agent.refusal().code == "wire.unexpected")
            try await agent.end()
            #expect(try await fixture.comes { $0.sessions.isEmpty })
            #expect(try fixture.store.volumeRecords().isEmpty)
        }
    }

    @Test func secondHelloIsRefusedThoughTheFirstIsNotAnswered() async throws {
        try await CoreFixture.with { fixture in
            let agent = try await fixture.agent()
            try await agent.say(atOnce: [hello("job01"), hello("job02")])
            #expect(try await agent.refusal().code == "wire.unexpected")
            try await agent.end()
            #expect(try await fixture.comes { $0.sessions.isEmpty })
            #expect(try fixture.store.owner(of: try JobID("job02")) == nil)
        }
    }

    @Test func laneThatEndsBeforeItIsAdmittedLeavesNoSession() async throws {
        try await CoreFixture.with { fixture in
            let index = holdUpIndex(fixture)
            let agent = try await fixture.agent()
            try await agent.say(hello())
            try await Task.sleep(for: .milliseconds(200))
            try await agent.end()
            try await Task.sleep(for: .milliseconds(200))
            index.signal()
            try await fixture.indexer.runIfActive(eventLoop: fixture.core.eventLoop) {}.get()
            #expect(try await fixture.comes { $0.sessions.isEmpty })
        }
    }

    @Test func earlierRunIsRefusedThoughBothWaitedToBeAdmitted() async throws {
        try await CoreFixture.with { fixture in
            let index = holdUpIndex(fixture)
            let later = try await fixture.agent()
            let earlier = try await fixture.agent()
            try await later.say(hello(epoch: 9))
            try await Task.sleep(for: .milliseconds(200))
            try await earlier.say(hello(epoch: 7))
            try await Task.sleep(for: .milliseconds(200))
            index.signal()
            guard case .welcome? = await later.hear() else { throw TestAgent.unexpected(nil) }
            var answer = await earlier.hear()
            // On a busy machine it may be heard first; it is then superseded.
            if case .welcome? = answer { answer = await earlier.hear() }
            guard case .refuse(let refusal)? = answer else { throw TestAgent.unexpected(answer) }
            #expect(refusal.code == "job.superseded")
            try await later.end()
            try await earlier.end()
        }
    }

    @Test func laterRunTakesOverWhatIsUnderWayAndNothingThatWaits() async throws {
        try await CoreFixture.with { fixture in
            let former = try await fixture.agent(job: "job01")
            try await former.say(TestOffer.ofContent(1, 1))
            try await former.say(TestOffer.ofContent(2, 2))
            #expect(try await former.need().batch == 1)
            let later = try await fixture.agent()
            try await later.say(hello(epoch: 8))
            guard case .welcome? = await later.hear() else { throw TestAgent.unexpected(nil) }
            #expect(try await former.refusal().code == "job.superseded")
            #expect(try await fixture.see { $0.sessions.values.map(\.blocked.count) } == [0])
            try await later.say(disk(0, "sda", .mebibytes(4)))
            _ = await later.hear()
            try await later.say(TestOffer.ofContent(1, 3))
            #expect(try await later.need().needed == [true])
            try await later.say(TestOffer.data(1, 3))
            try await later.durable(1)
            try await later.end()
            try await former.end()
        }
    }

    @Test func numberOfADiskMeansOneDiskOfOneSize() async throws {
        let others = [disk(0, "sdb", .mebibytes(1)), disk(0, "sda", .mebibytes(1)), disk(1, "sda", .gibibytes(1))]
        for other in others {
            try await CoreFixture.with { fixture in
                let agent = try await fixture.agent(job: "job01", size: .gibibytes(1))
                try await agent.say(disk(0, "sda", .gibibytes(1)))
                guard case .diskState? = await agent.hear() else { throw TestAgent.unexpected(nil) }
                try await agent.say(other)
                #expect(try await agent.refusal().code == "wire.unexpected")
                try await agent.end()
            }
        }
    }

    @Test func jobHasSoManyDisksAndNotMore() async throws {
        try await CoreFixture.with { fixture in
            let agent = try await fixture.agent()
            try await agent.greet("job01")
            for number in 0..<UInt16(JobSession.mostDisks) {
                try await agent.say(disk(number, "sd\(number)", .mebibytes(1)))
                guard case .diskState? = await agent.hear() else { throw TestAgent.unexpected(nil) }
            }
            try await agent.say(disk(999, "sdz", .mebibytes(1)))
            #expect(try await !agent.refusal().mayRetry)
            try await agent.end()
        }
    }

    @Test func jobHasSoManyLanesAndNotMore() async throws {
        try await CoreFixture.with { fixture in
            var lanes: [TestAgent] = []
            for number in 1...UInt32(JobSession.mostLanes) {
                let lane = try await fixture.agent()
                try await lane.say(hello(lane: number))
                guard case .welcome? = await lane.hear() else { throw TestAgent.unexpected(nil) }
                lanes.append(lane)
            }
            let late = try await fixture.agent()
            try await late.say(hello(lane: 199))
            #expect(try await late.refusal().mayRetry)
            for lane in lanes + [late] { try await lane.end() }
        }
    }

    @Test func offersOfOneAgentHoldOnlySoMuchMemory() async throws {
        try await CoreFixture.with { fixture in
            let agent = try await fixture.agent(job: "job01", size: .gibibytes(1))
            // All others wait for the first, which is never finished.
            try await agent.say(TestOffer.ofContent(1, 1))
            _ = try await agent.need()
            let region = { (index: UInt32) in
                OfferedRegion(
                    index: index,
                    leaf: Digest(),
                    runs: (0..<256).map { RegionRun(.zero, start: $0, blocks: 1) },
                    changed: BlockSet()
                )
            }
            let regions = (0..<64).map { region(UInt32($0)) }
            let each = OfferMemory.cost(
                of: Offer(batch: 0, disk: 0, isRepair: false, regions: regions, emptyRanges: [])
            )
            for batch in 2...UInt64(OfferMemory.most / each + 3) {
                try await agent.say(
                    .offer(Offer(batch: batch, disk: 0, isRepair: false, regions: regions, emptyRanges: []))
                )
            }
            #expect(try await agent.refusal().mayRetry)
            try await agent.end()
            // What they held is given back.
            #expect(try await fixture.comes { $0.sessions.isEmpty })
            let again = try await fixture.agent(job: "job01", size: .gibibytes(1))
            try await again.say(TestOffer.ofNothing(1, 0))
            _ = try await again.need()
            try await again.end()
        }
    }

    @Test func offersOfADiskThatIsReadBackWaitUntilThatIsOver() async throws {
        try await CoreFixture.with { fixture in
            let agent = try await fixture.agent(job: "job01")
            try await agent.say(TestOffer.ofNothing(1, 0, count: 4))
            _ = try await agent.need()
            try await agent.durable(1)
            let root = try ReadBack.root(of: try #require(fixture.store.openVolumes.first), in: fixture.store.index)
            let end = EndPass(disk: 0, pass: 1, consistency: .fuzzy, root: root, startedAt: .now(), endedAt: .now())
            try await agent.say(
                atOnce: [.endPass(end), TestOffer.ofNothing(2, 0, kind: .unused), TestOffer.ofContent(3, 3, region: 1)]
            )
            var heard: [String] = []
            while heard.count < 4, let answer = await agent.hear() {
                switch answer {
                case .verified: heard.append("verified")
                case .need(let need): heard.append("need \(need.batch)")
                case .durable(let batch): heard.append("durable \(batch)")
                default: break
                }
                if case .need(let need) = answer, need.batch == 3 { try await agent.say(TestOffer.data(3, 3)) }
            }
            #expect(heard.first == "verified" && heard.contains("need 2") && heard.contains("need 3"), "\(heard)")
            try await agent.end()
            #expect(try await fixture.comes { $0.sessions.isEmpty })
        }
    }

    @Test func endOfAPassMayBeAskedForOverAndOver() async throws {
        try await CoreFixture.with { fixture in
            let agent = try await fixture.agent(job: "job01")
            try await agent.say(TestOffer.ofContent(1, 1))
            _ = try await agent.need()
            let end = EndPass(
                disk: 0,
                pass: 1,
                consistency: .fuzzy,
                root: Digest(),
                startedAt: .now(),
                endedAt: .now()
            )
            try await agent.say(atOnce: Array(repeating: .endPass(end), count: 1000) + [.ping(token: 1)])
            guard case .pong? = await agent.hear() else { throw TestAgent.unexpected(nil) }
            #expect(try await fixture.see { $0.sessions.values.map(\.endings.count) } == [1])
            try await agent.end()
        }
    }
}
