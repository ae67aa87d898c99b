import FerryCore
import FerryImage
import Testing

@testable import FerryStaging

@Suite("What a checkpoint makes of what was noted")
struct CheckpointTests {
    private let store: StagingStore
    private let volume: Volume
    private let folder: Folder
    private let record = RegionRecord(.zero, blocks: ImageLayout.regionBlocks)

    init() throws {
        folder = try Folder()
        store = try StagingStore(directory: folder.path)
        volume = try store.openVolume(
            job: JobID("web01"),
            disk: DiskName("sda"),
            size: .mebibytes(2),
            identity: "serial=1",
            cutRule: 1
        )
    }

    @Test func aReaderOfTheIndexMissesNothingThatACheckpointMovesThereMeanwhile() throws {
        try store.index.read { reading in
            volume.note([(0, record.encoded)])
            #expect(try volume.regionRecord(0, reading) != nil)
            try store.commit([volume])
            #expect(volume.unindexedCount == 0)
            #expect(try volume.regionRecord(0, reading) != nil)
        }
    }

    @Test func nothingNotedIsBelievedOnceStorageHasFailed() throws {
        volume.note([(0, record.encoded)])
        _ = volume.beginCheckpoint()
        volume.note([(1, record.encoded)])
        volume.endCheckpoint(succeeded: false)
        try store.commit([volume])
        try store.index.read { reading in
            for region: UInt32 in 0..<2 {
                let known = try volume.regionRecord(region, reading)
                #expect(known == nil)
            }
        }
    }
}
