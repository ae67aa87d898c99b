import FerryCore
import FerryImage
import Foundation
import Testing

@testable import FerryStaging

@Suite("The last generation of a volume")
struct GenerationTests {
    private let fixture: VolumeFixture
    private var store: StagingStore { fixture.store }
    private var size: ByteCount { fixture.size }

    init() throws { fixture = try VolumeFixture() }

    private func snapshot() throws -> VolumeSnapshot {
        try fixture.catalog.snapshot("web01/sda", to: fixture.path("copy"))
    }

    @Test func isHandedOutWithItsOwnerAndAllItsRecordsInOrder() throws {
        try fixture.makeGeneration()
        try fixture.catalog.withLastGeneration(of: "web01/sda") { manifest in
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
        try fixture.makeGeneration()
        try fixture.catalog.withLastGeneration(of: "web01/sda") { manifest in
            try fixture.write(99, to: 2)
            var tree = MerkleTree()
            try manifest.forEachRegion { tree.append(leaf: SHA256.digest(prefix: 0, of: $0)) }
            #expect(tree.root.description == manifest.generation.root)
        }
    }

    @Test func isRefusedWhileAPassIsUnderWayOrBeforeTheFirst() throws {
        let catalog = fixture.catalog
        #expect(failure { try catalog.withLastGeneration(of: "web01/sda") { _ in } }?.code == .volumeNotReady)
        try fixture.makeGeneration()
        #expect(failure { try catalog.withLastGeneration(of: "web01/sda") { _ in } } == nil)
        try fixture.write(50, to: 1)
        #expect(failure { try catalog.withLastGeneration(of: "web01/sda") { _ in } }?.code == .volumeNotReady)
        #expect(failure { try snapshot() }?.code == .volumeNotReady)
        #expect(failure { try catalog.withLastGeneration(of: "web01/sdb") { _ in } }?.code == .volumeUnknown)
        try store.forget([1], of: fixture.volume)
        #expect(failure { try catalog.withLastGeneration(of: "web01/sda") { _ in } }?.code == .volumeNotReady)
        #expect(try fixture.files.isEmpty)
    }

    @Test func isCopiedSoThatLaterPassesDoNotTouchTheCopy() throws {
        try fixture.makeGeneration()
        let before = try fixture.content()
        #expect(try snapshot().generation == 1)
        try fixture.write(77, to: 0)
        let copy = try fixture.bytes(of: "copy")
        #expect(copy == before && copy.count == size.int)
        #expect(try fixture.files == ["copy"])
    }

    @Test func isNotCopiedFromAVolumeThatAPassHasBegunToChangeBeforeTheIndexKnows() throws {
        for region in 0..<4 {
            for other in 0..<4 { try fixture.write(UInt8(other + 1), to: other) }
            try fixture.makeGeneration()
            try fixture.write(88, to: region, isIndexed: false)
            #expect(failure { try snapshot() }?.code == .volumeNotReady)
            #expect(try fixture.files.isEmpty)
        }
    }

    @Test func isNeverCopiedOverAnotherFile() throws {
        try fixture.makeGeneration()
        try Data([1]).write(to: URL(fileURLWithPath: fixture.path("copy")))
        #expect(failure { try snapshot() }?.code == .stagingData)
        #expect(try fixture.bytes(of: "copy") == Data([1]))
    }
}
