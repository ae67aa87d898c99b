import FerryCore
import FerryImage
import Foundation
import Testing

@testable import FerryReplication

struct BlockMapTests {
    private let size = ByteCount.mebibytes(5)
    private let leaf: Digest = {
        var digest = Digest()
        digest.words = (1, 2, 3, 4)
        return digest
    }()

    private func withPath(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.path + "/ferry-map-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    private func remember(_ index: Int, in map: BlockMap, pass: UInt64) throws {
        let tags = [BlockTag](repeating: .zero, count: ImageLayout.regionBlocks)
        try tags.withUnsafeBufferPointer { try map.remember(index, leaf: leaf, tags: $0, pass: pass) }
    }

    @Test func writesNothingToItsFileWhileDivertedAndEverythingAfterwards() throws {
        try withPath { path in
            let map = try BlockMap(path: path, size: size)
            try map.reset(volume: (7, 8))
            try map.begin(pass: 1, at: .now())
            try remember(0, in: map, pass: 1)
            let before = try Data(contentsOf: URL(fileURLWithPath: path))
            try map.divert()
            try map.begin(pass: 2, at: .now())
            try remember(0, in: map, pass: 2)
            try remember(3, in: map, pass: 2)
            try map.remember(4, empty: .zero, leaf: leaf, pass: 2)
            #expect(map.entry(0)?.pass == 2 && map.entry(3)?.leaf == leaf && map.entry(4)?.content == .zero)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
            #expect(try BlockMap(path: path, size: size).entry(3) == nil)
            try map.endDiversion()
            let reopened = try BlockMap(path: path, size: size)
            #expect(reopened.pass == 2 && reopened.volume == (7, 8))
            #expect(reopened.entry(0)?.pass == 2 && reopened.entry(3)?.pass == 2 && reopened.entry(4)?.pass == 2)
            #expect(reopened.entry(1) == nil)
            let entry = try #require(reopened.entry(3))
            let tags = UnsafeMutableBufferPointer<BlockTag>.allocate(capacity: ImageLayout.regionBlocks)
            defer { tags.deallocate() }
            #expect(reopened.readTags(3, entry, into: tags))
        }
    }
}
