import FerryCore
import FerryImage
import Foundation
import Testing

@testable import FerryProof

@Suite("Comparing an image with a proof")
struct ImageComparisonTests {
    let fixture: ProofFixture

    init() throws { fixture = try ProofFixture() }

    private func compare(_ image: [UInt8], tasks: Int = 2) async throws -> ImageComparison {
        let path = try fixture.write(image, to: "image")
        return try await ImageComparison.compare(
            ImageFile(path: path),
            with: ProofFile(path: fixture.path("proof")),
            tasks: tasks
        )
    }

    @Test("finds equal what is equal, also where the disk ends within a block", arguments: [0, 1, 511, 4095])
    func equal(extra: Int) async throws {
        for (blocks, tasks) in [(1, 1), (256, 2), (257, 2), (700, 7)] {
            let image = TestImage(blocks: blocks, extra: extra, seed: UInt64(blocks + extra))
            try? FileManager.default.removeItem(atPath: fixture.path("proof"))
            try fixture.prove(image)
            let comparison = try await compare(image.bytes, tasks: tasks)
            #expect(comparison.isEqual)
            #expect(comparison.differing.isEmpty && comparison.differingRegions == 0)
        }
    }

    @Test("finds one byte that differs, in a chunk and in blocks that must be zero")
    func oneByte() async throws {
        let image = TestImage(blocks: 600, seed: 5)
        try fixture.prove(image)
        for kind in [RunKind.chunk, .zero, .unused, .damaged] {
            let place = try #require(image.place(of: kind))
            var changed = image.bytes
            changed[place] ^= 1
            let comparison = try await compare(changed)
            #expect(!comparison.isEqual && comparison.differingRegions == 1)
            #expect(comparison.differing.first.first?.start == ByteCount(place))
        }
        for place in [0, image.bytes.count / 2, image.bytes.count - 1] {
            var changed = image.bytes
            changed[place] ^= 0x80
            #expect(try await !compare(changed).isEqual)
        }
    }

    @Test("finds an image that is too short or too long, and what is missing of it")
    func otherSize() async throws {
        let image = TestImage(blocks: 600, seed: 6)
        try fixture.prove(image)
        let longer = try await compare(image.bytes + [0])
        #expect(!longer.isEqual && !longer.hasRightSize && longer.differing.isEmpty)
        for missing in [1, 4096, 2_000_000, image.bytes.count] {
            let shorter = try await compare(Array(image.bytes.dropLast(missing)))
            #expect(!shorter.isEqual && !shorter.hasRightSize)
            #expect(shorter.differing.bytes >= UInt64(missing))
        }
    }

    @Test("knows a hole where zeros are expected without reading it, and one where a chunk is expected to differ")
    func holes() async throws {
        let size = ByteCount.gibibytes(40)
        var sum = ManifestSum(diskSize: size)
        let content = [UInt8](repeating: 7, count: TestImage.block)
        let chunk = Run(.chunk, blocks: 1, digest: content.withUnsafeBytes { SHA256.digest(of: $0) })
        let empty = RegionRecord(.unused, blocks: 256).encoded
        let full = RegionRecord(runs: [chunk, Run(.zero, blocks: 255)]).encoded
        let regions = ImageLayout.regionCount(ofDisk: size)
        let encoded = (0..<regions).map { $0 == 30000 ? full : empty }
        for record in encoded { try record.withUnsafeBytes { _ = try sum.append($0) } }
        var statement = try TestImage(blocks: 1, seed: 1).statement()
        statement.diskSize = size
        statement.manifest = sum.summary
        let writer = try ProofWriter(path: fixture.path("proof"), statement: statement, signer: fixture.signer)
        for record in encoded { try record.withUnsafeBytes { try writer.append($0) } }
        try writer.finish()

        try fixture.write([], to: "image")
        let file = try #require(FileHandle(forUpdatingAtPath: fixture.path("image")))
        try file.truncate(atOffset: size.bytes)
        let comparison = { [fixture] in
            try await ImageComparison.compare(
                ImageFile(path: fixture.path("image")),
                with: ProofFile(path: fixture.path("proof")),
                tasks: 2
            )
        }
        let hollow = try await comparison()
        #expect(hollow.differing.first == [Extent(start: .gibibytes(0) + .mebibytes(30000), length: .kibibytes(4))])
        try file.seek(toOffset: 30000 << 20)
        try file.write(contentsOf: content)
        #expect(try await comparison().isEqual)
    }

    @Test("says so when there is no image, or something that is none")
    func noImage() throws {
        mkfifo(fixture.path("pipe"), 0o600)
        for path in [fixture.path("none"), fixture.folder, "/dev/zero", fixture.path("pipe")] {
            #expect(code { try ImageFile(path: path) } == .proofImage, "\(path)")
        }
    }

    @Test("proves nothing about an image that is written to meanwhile")
    func busy() async throws {
        let image = TestImage(blocks: 600, seed: 8)
        try fixture.prove(image)
        let path = try fixture.write(image.bytes, to: "image")
        let open = try ImageFile(path: path)
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.write(contentsOf: [image.bytes[0]])
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
        await #expect(throws: FerryError.self) {
            try await ImageComparison.compare(open, with: ProofFile(path: fixture.path("proof")), tasks: 1)
        }
    }

    @Test("keeps the first extents by their place, whatever order they are found in")
    func extents() {
        var random = SeededGenerator(seed: 9)
        var list = ExtentList()
        let all = (0..<100).map { Extent(start: .kibibytes(UInt64($0) * 8), length: .kibibytes(4)) }
        for extent in all.shuffled(using: &random) { list.add(extent) }
        #expect(list.first == Array(all.prefix(16)) && list.hasMore && list.bytes == 100 * 4096)
        var joined = ExtentList()
        for start in (0..<100).shuffled(using: &random) {
            joined.add(Extent(start: .kibibytes(UInt64(start) * 4), length: .kibibytes(4)))
        }
        #expect(joined.first.first?.start == .zero && joined.bytes == 400 << 10)
    }
}
