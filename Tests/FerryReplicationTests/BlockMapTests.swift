import FerryCore
import FerryImage
import Foundation
import Testing

@testable import FerryReplication

@Suite(.serialized)
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

    /// Cuts off the file in memory of the one diversion there is, after `length` bytes.
    private func cutDiversion(after length: Int) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")) ?? ""
            guard target.contains("ferry-block-map-diversion"), let descriptor = Int32(name) else { continue }
            #expect(ftruncate(descriptor, off_t(length)) == 0)
        }
    }

    @Test func passWhoseDiversionIsWrittenInPartKeepsItsNumber() throws {
        try withPath { path in
            let map = try BlockMap(path: path, size: size)
            try map.begin(pass: 1, at: .now())
            try map.divert()
            try map.begin(pass: 2, at: .now())
            for index in [0, 3] { try map.remember(index, empty: .zero, leaf: leaf, pass: 2) }
            // As if the process ended after the first entry.
            try cutDiversion(after: 4096 + 64)
            #expect(throws: FerryError.self) { try map.endDiversion() }
            let reopened = try BlockMap(path: path, size: size)
            #expect(reopened.entry(0)?.pass == 2 && reopened.entry(3) == nil)
            #expect(reopened.pass == 2, "the next pass would be 2 again, and take region 0 for read")
        }
    }

    @Test func rootIsKeptUntilALeafChanges() throws {
        let map = try BlockMap(path: nil, size: size)
        try map.begin(pass: 1, at: .now())
        for index in 0..<4 { try remember(index, in: map, pass: 1) }
        #expect(map.makeRoot() == nil && map.knownRoot == nil)
        try map.remember(4, empty: .zero, leaf: leaf, pass: 1)
        var tree = MerkleTree()
        for _ in 0..<5 { tree.append(leaf: leaf) }
        #expect(map.makeRoot() == tree.root && map.knownRoot == tree.root)
        try map.confirm(2, try #require(map.entry(2)), pass: 2)
        #expect(map.knownRoot == tree.root)
        var other = leaf
        other.words.0 = 9
        try map.divert()
        try map.remember(4, empty: .unused, leaf: other, pass: 2)
        #expect(map.knownRoot == nil)
        var changed = MerkleTree()
        for _ in 0..<4 { changed.append(leaf: leaf) }
        changed.append(leaf: other)
        #expect(map.makeRoot() == changed.root)
        try map.endDiversion()
        #expect(map.makeRoot() == changed.root)
        try map.reset(volume: (1, 1))
        #expect(map.makeRoot() == nil)
    }

    @Test func rootOfMoreEntriesThanAreReadAtOnceIsThatOfAll() throws {
        let map = try BlockMap(path: nil, size: .mebibytes(2500))
        var tree = MerkleTree()
        for index in 0..<2500 {
            var leaf = leaf
            leaf.words.2 = UInt64(index)
            tree.append(leaf: leaf)
            try map.remember(index, empty: .unused, leaf: leaf, pass: 1)
        }
        #expect(map.makeRoot() == tree.root)
    }
}
