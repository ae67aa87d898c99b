import FerryCore
import FerryDisk
import FerryImage
import Foundation
import Testing

@testable import FerryReplication

@Suite struct DeadDiskTests {
    private static let size = ByteCount(8 << 20)

    /// Scans the first regions of a disk that fails reads of `extents`.
    private func scan(failing extents: [Extent]) throws -> ScanTask.Outcome {
        let folder = FileManager.default.temporaryDirectory.path
        let path = "\(folder)/ferry-dead-disk-\(UUID().uuidString)"
        try Data(repeating: 1, count: DeadDiskTests.size.int).write(to: URL(fileURLWithPath: path))
        defer { unlink(path) }
        let sound = try Disk(path: path)
        let usage = try DiskUsage(of: sound, selecting: .allBlocks)
        let disk = FaultyDisk(sound, faults: extents.map { .init(.readError, at: $0) })
        let map = try BlockMap(path: nil, size: DeadDiskTests.size)
        let task = ScanTask(
            disk: disk,
            usage: usage,
            map: map,
            pass: 1,
            regions: Array(0..<4),
            inFull: false,
            buffers: (0..<4).map { _ in RegionBuffer() }
        )
        return try task.run(ScanMemory())
    }

    @Test func diskThatAnswersNothingEndsThePass() throws {
        #expect {
            _ = try scan(failing: [Extent(start: .zero, length: DeadDiskTests.size)])
        } throws: {
            ($0 as? FerryError)?.code == .diskReadFailed
        }
    }

    @Test func badRegionsOfADiskThatAnswersAreDamaged() throws {
        let bad = Extent(start: ByteCount(4096), length: ByteCount(4 << 20))
        #expect(try scan(failing: [bad]).damaged.reduce(0) { $0 + $1.length.int } == (4 << 20) - 4096)
    }
}
