import FerryCore
import FerryImage
import FerryWire
import Testing

@testable import FerryStaging

@Suite("Content that is here already", .timeLimit(.minutes(5))) struct ChunkSharingTests {
    /// Whether content that web01 has sent for one job is asked for again, by `agent` for another.
    private func isNeededAgain(by agent: String, _ sharing: ChunkSharing) async throws -> Bool {
        var needed: [Bool] = []
        try await CoreFixture.with(sharing: sharing) { fixture in
            let first = try await fixture.agent(job: "job01")
            try await first.say(TestOffer.ofContent(1, 1))
            _ = try await first.need()
            try await first.say(TestOffer.data(1, 1))
            try await first.durable(1)
            let second = try await fixture.agent(agent, job: "job02")
            try await second.say(TestOffer.ofContent(1, 1, region: 2))
            needed = try await second.need().needed
            try await first.end()
            try await second.end()
        }
        return try #require(needed.first as Bool?)
    }

    @Test func isCopiedForEverybodyIfAllShare() async throws {
        #expect(try await !isNeededAgain(by: "web02", .all))
    }

    @Test func isCopiedForTheAgentItCameFromAndForNobodyElseIfEachHasItsOwn() async throws {
        #expect(try await isNeededAgain(by: "web02", .agent))
        #expect(try await !isNeededAgain(by: "web01", .agent))
    }

    @Test(arguments: [1 << 52, 1 << 55, 1 << 20, 1023] as [UInt64])
    func isNotLookedForWhereADamagedIndexSaysAndNothingCanBe(block: UInt64) throws {
        let folder = try Folder()
        let store = try StagingStore(directory: folder.path)
        let volume = try store.openVolume(
            job: JobID("web01"),
            disk: DiskName("sda"),
            size: .mebibytes(4),
            identity: "x",
            cutRule: 1
        )
        guard case .offer(let offer) = TestOffer.ofContent(1, 1) else { return }
        let digest = offer.regions[0].runs[0].digest
        store.note([(digest.indexKey, ChunkLocation(volume: volume.record.number, block: block, blocks: 1))])
        let resolution = try OfferResolution.resolve(offer, volume: volume, store: store, memory: WorkerMemory())
        #expect(resolution.isNeeded == [true])
    }
}
