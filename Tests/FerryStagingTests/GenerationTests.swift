import FerryCore
import FerryImage
import Foundation
import Testing

@testable import FerryStaging

@Suite("The last generation of a volume")
struct GenerationTests {
    private let folder: Folder
    private let store: StagingStore
    private let volume: Volume
    private let size = ByteCount.mebibytes(3) + ByteCount(777)

    init() throws {
        folder = try Folder()
        store = try StagingStore(directory: folder.path)
        try store.claim(JobID("web01"), for: AgentName("agent-1"))
        volume = try store.openVolume(
            job: JobID("web01"),
            disk: DiskName("sda"),
            size: size,
            identity: "serial=1",
            cutRule: 1
        )
    }

    /// Writes one block of content to region `region`, and its record to the index if `isIndexed`.
    private func write(_ byte: UInt8, to region: Int, isIndexed: Bool = true) throws {
        let extent = ImageLayout.extent(ofRegion: region, disk: size)
        let blocks = ImageLayout.blockCount(ofRegion: region, disk: size)
        let content = [UInt8](repeating: byte, count: min(ImageLayout.blockSize, extent.length.int))
        try content.withUnsafeBytes { try volume.storage.write($0, at: extent.start.bytes) }
        var record = RegionRecord(runs: [
            Run(.chunk, blocks: 1, digest: content.withUnsafeBytes { SHA256.digest(of: $0) })
        ])
        if blocks > 1 { record.runs.append(Run(.unused, blocks: blocks - 1)) }
        guard isIndexed else { return }
        volume.note([(UInt32(region), record.encoded)])
        try store.commit([volume])
    }

    /// Makes a generation of what the index says.
    private func verify() throws {
        let root = try ReadBack.root(of: volume, in: store.index)
        let time = UTCTime.now().description
        let dataBytes = UInt64(3 * ImageLayout.blockSize + 777)
        try store.addGeneration(
            GenerationRecord(
                number: 1,
                pass: 1,
                root: root.description,
                isConsistent: true,
                startedAt: time,
                endedAt: time,
                verifiedAt: time,
                dataBytes: dataBytes,
                damagedBytes: 0,
                unusedBytes: size.bytes - dataBytes
            ),
            to: volume
        )
    }

    private func verifiedVolume() throws {
        for region in 0..<4 { try write(UInt8(region + 1), to: region) }
        try verify()
    }

    private func code(_ body: () throws -> some Any) -> ErrorCode? {
        do {
            _ = try body()
            return nil
        } catch { return (error as? FerryError)?.code }
    }

    private func snapshot() throws -> VolumeSnapshot {
        // The store is the catalog: LMDB wants one environment in a process.
        try VolumeCatalog(store: store).snapshot("web01/sda", to: "\(folder.path)/copy")
    }

    private var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    @Test func isHandedOutWithItsOwnerAndAllItsRecordsInOrder() throws {
        try verifiedVolume()
        try VolumeCatalog(store: store).withLastGeneration(of: "web01/sda") { manifest in
            #expect(manifest.agent == "agent-1" && manifest.generation.number == 1 && manifest.size == size)
            var tree = MerkleTree()
            var count = 0
            try manifest.forEachRegion {
                tree.append(leaf: SHA256.digest(prefix: 0, of: $0))
                count += 1
            }
            #expect(count == 4 && tree.root.description == manifest.generation.root)
        }
    }

    @Test func isOneMomentsWhateverIsWrittenToTheIndexMeanwhile() throws {
        try verifiedVolume()
        try VolumeCatalog(store: store).withLastGeneration(of: "web01/sda") { manifest in
            try write(99, to: 2)
            var tree = MerkleTree()
            try manifest.forEachRegion { tree.append(leaf: SHA256.digest(prefix: 0, of: $0)) }
            #expect(tree.root.description == manifest.generation.root)
        }
    }

    @Test func isRefusedWhileAPassIsUnderWayOrBeforeTheFirst() throws {
        let catalog = VolumeCatalog(store: store)
        #expect(code { try catalog.withLastGeneration(of: "web01/sda") { _ in } } == .volumeNotReady)
        try verifiedVolume()
        #expect(code { try catalog.withLastGeneration(of: "web01/sda") { _ in } } == nil)
        try write(50, to: 1)
        #expect(code { try catalog.withLastGeneration(of: "web01/sda") { _ in } } == .volumeNotReady)
        #expect(code { try snapshot() } == .volumeNotReady)
        #expect(code { try catalog.withLastGeneration(of: "web01/sdb") { _ in } } == .volumeUnknown)
        try store.forget([1], of: volume)
        #expect(code { try catalog.withLastGeneration(of: "web01/sda") { _ in } } == .volumeNotReady)
        #expect(try files == ["index", "volumes"])
    }

    @Test func isCopiedSoThatLaterPassesDoNotTouchTheCopy() throws {
        try verifiedVolume()
        let before = try Data(contentsOf: URL(fileURLWithPath: volume.storage.path))
        #expect(try snapshot().generation == 1)
        try write(77, to: 0)
        let copy = try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/copy"))
        #expect(copy == before && copy.count == size.int)
        #expect(try files == ["copy", "index", "volumes"])
    }

    @Test func isNotCopiedFromAVolumeThatAPassHasBegunToChangeBeforeTheIndexKnows() throws {
        for region in 0..<4 {
            try verifiedVolume()
            try write(88, to: region, isIndexed: false)
            #expect(code { try snapshot() } == .volumeNotReady)
            #expect(try files == ["index", "volumes"])
        }
    }

    @Test func isNeverCopiedOverAnotherFile() throws {
        try verifiedVolume()
        try Data([1]).write(to: URL(fileURLWithPath: "\(folder.path)/copy"))
        #expect(code { try snapshot() } == .stagingData)
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/copy")) == Data([1]))
    }
}
