import Foundation
import Testing

@testable import ferry_bench

@Suite struct ImageComparisonTests {
    private static let block = 4096

    /// A disk of 1024 blocks: block N is filled with N mod 251, blocks 512 to 767 are a hole, 100 to 199 are free.
    private final class Files {
        let directory = FileManager.default.temporaryDirectory.appending(path: "ferry-bench-\(UUID().uuidString)")
        let disk: WorkloadDisk
        let copy: String

        init() throws {
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            let image = directory.appending(path: "w1.img").path
            copy = directory.appending(path: "copy.img").path
            let free = [100 * block..<200 * block]
            let layout = DiskLayout(
                size: 1024 * block,
                partitions: [.init(range: 0..<1024 * block, free: free)]
            )
            disk = WorkloadDisk(name: "W1", image: image, size: 1024 * block, dataBytes: 0, layout: layout)
            for path in [image, copy] {
                _ = FileManager.default.createFile(atPath: path, contents: nil)
                let file = try #require(FileHandle(forWritingAtPath: path))
                try file.truncate(atOffset: UInt64(1024 * block))
                for number in 0..<1024 where !(512..<768).contains(number) { try write(number, to: path) }
            }
        }

        deinit { try? FileManager.default.removeItem(at: directory) }

        func write(_ number: Int, _ byte: UInt8? = nil, to path: String) throws {
            let file = try #require(FileHandle(forWritingAtPath: path))
            try file.seek(toOffset: UInt64(number * block))
            try file.write(contentsOf: Data(repeating: byte ?? UInt8(number % 251), count: block))
        }
    }

    @Test func takesAnEqualCopy() throws {
        let files = try Files()
        let comparison = try ImageComparison(.everything, disk: files.disk, copy: files.copy)
        #expect(comparison.isRight)
        #expect(comparison.comparedBytes >= 768 * Self.block)
    }

    @Test func findsTheBlockThatDiffers() throws {
        let files = try Files()
        try files.write(1000, 7, to: files.copy)
        let comparison = try ImageComparison(.everything, disk: files.disk, copy: files.copy)
        #expect(comparison.wrongBlocks == 1)
        #expect(comparison.firstWrongByte == 1000 * Self.block)
    }

    @Test func findsWhatIsWrittenIntoAHole() throws {
        let files = try Files()
        try files.write(600, 1, to: files.copy)
        #expect(try ImageComparison(.everything, disk: files.disk, copy: files.copy).wrongBlocks == 1)
    }

    @Test func wantsFreeBlocksToBeZero() throws {
        let files = try Files()
        // Block 0 is all zeros already, so 100 free blocks are wrong until they are cleared.
        #expect(try ImageComparison(.usedAndZero, disk: files.disk, copy: files.copy).wrongBlocks == 100)
        for number in 100..<200 { try files.write(number, 0, to: files.copy) }
        #expect(try ImageComparison(.usedAndZero, disk: files.disk, copy: files.copy).isRight)
        try files.write(150, 1, to: files.copy)
        #expect(try ImageComparison(.usedAndZero, disk: files.disk, copy: files.copy).wrongBlocks == 1)
    }

    @Test func leavesFreeBlocksToPartclone() throws {
        let files = try Files()
        for number in 100..<200 { try files.write(number, 99, to: files.copy) }
        #expect(try ImageComparison(.usedOfRoot, disk: files.disk, copy: files.copy).isRight)
        try files.write(99, 3, to: files.copy)
        #expect(try ImageComparison(.usedOfRoot, disk: files.disk, copy: files.copy).wrongBlocks == 1)
    }
}
