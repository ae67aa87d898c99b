import FerryCore
import FerryImage
import FerryWire
import Testing

@testable import FerryStaging

@Suite("Which batch may have a region") struct JobRegionsTests {
    private let folder: Folder
    private let volume: Volume
    private let regions = JobRegions()
    private let memory = OfferMemory()

    init() throws {
        folder = try Folder()
        volume = try StagingStore(directory: folder.path).openVolume(
            job: JobID("web01"),
            disk: DiskName("sda"),
            size: .gibibytes(64),
            identity: "x",
            cutRule: 1
        )
    }

    private func batch(_ number: UInt64, _ ranges: [(UInt32, UInt32)]) -> Batch {
        let batch = Batch(
            Offer(
                batch: number,
                disk: 0,
                isRepair: false,
                regions: [],
                emptyRanges: ranges.map { EmptyRange(first: $0.0, count: $0.1, kind: .zero) }
            ),
            volume: volume,
            memory: memory
        )
        regions.claim(batch)
        return batch
    }

    private func finish(_ batch: Batch) -> [UInt64] { regions.finish(batch).map(\.number) }

    @Test func batchesWaitForThoseBeforeThemWithTheSameRegions() {
        let first = batch(1, [(0, 10)])
        let apart = batch(2, [(10, 5), (30, 1)])
        let both = batch(3, [(9, 2)])
        let after = batch(4, [(9, 1), (30, 1)])
        #expect(!first.isWaiting && !apart.isWaiting && both.isWaiting && after.isWaiting)
        #expect(finish(first) == [])
        #expect(finish(apart) == [3])
        #expect(finish(both) == [4])
        #expect(finish(after) == [])
        #expect(!batch(5, [(0, 40)]).isWaiting)
    }

    @Test func batchThatIsGivenUpWhileItWaitsLetsNobodyPastThoseBeforeIt() {
        let first = batch(1, [(0, 1)])
        let second = batch(2, [(0, 1)])
        let third = batch(3, [(0, 1)])
        second.isAbandoned = true
        #expect(third.isWaiting)
        #expect(finish(first) == [3])
    }

    @Test func rangesThatOverlapAreOneAndNoneReachesBeyondTheNumbersThatThereAre() {
        let batch = batch(1, [(4, 4), (0, 5), (2, 1), (.max - 1, 9)])
        #expect(Array(batch.regionKeys.map { UInt32(truncatingIfNeeded: $0) }) == Array(0..<8) + [.max - 1])
    }

    @Test func memoryIsGivenBackWithTheBatch() {
        let memory = OfferMemory()
        let offer = Offer(
            batch: 1,
            disk: 0,
            isRepair: false,
            regions: [],
            emptyRanges: [EmptyRange(first: 0, count: 8192, kind: .zero)]
        )
        var batches = (0..<500).map { _ in Batch(offer, volume: volume, memory: memory) }
        #expect(memory.isFull)
        batches.removeAll()
        #expect(!memory.isFull)
    }

    @Test func manyThatWaitForOneRegionCostWhatTheyAre() {
        let begin = ContinuousClock.now
        var batches = (1...20_000).map { batch(UInt64($0), [(0, 1)]) }[...]
        while let next = batches.popFirst() { #expect(regions.finish(next).count <= 1) }
        // Seconds where each is compared with each.
        #expect(ContinuousClock.now - begin < .seconds(20))
    }
}
