import FerryCore
import Foundation
import Testing

@testable import FerryDisk

@Suite struct DiskTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func patterned(_ name: String = "image", count: Int) throws -> (String, [UInt8]) {
        var random = SeededGenerator(seed: 7)
        let words = (0..<(count / 8 + 1)).map { _ in random.next() }
        let bytes = words.withUnsafeBytes { Array($0.prefix(count)) }
        try Data(bytes).write(to: URL(fileURLWithPath: scratch.path(name)))
        return (scratch.path(name), bytes)
    }

    private func read(_ disk: some DiskReader, _ offset: Int, _ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: count)
        try bytes.withUnsafeMutableBytes { try disk.read(into: $0, at: ByteCount(offset)) }
        return bytes
    }

    @Test(arguments: [Disk.Access.direct, .droppedAfterUse, .cached])
    func everyAlignmentReadsTheSameBytes(access: Disk.Access) throws {
        // The end is not a multiple of anything.
        let (path, bytes) = try patterned(count: (3 << 20) + 12_345)
        let disk = try Disk(path: path, access: access)
        #expect(disk.geometry.size.bytes == UInt64(bytes.count))
        for (offset, count) in [
            (0, 4096), (1, 1), (511, 1026), (4095, 2 << 20), (3 << 20, 12_345), (bytes.count - 1, 1),
        ] {
            #expect(try read(disk, offset, count) == Array(bytes[offset..<(offset + count)]))
        }
    }

    @Test func whatIsNotADiskIsRefusedWithItsReason() throws {
        _ = FileManager.default.createFile(atPath: scratch.path("empty"), contents: nil)
        _ = FileManager.default.createFile(atPath: scratch.path("small"), contents: Data(count: 4095))
        let cases: [(String, ErrorCode)] = [
            (scratch.path("none"), .diskNotFound), (scratch.folder, .diskNotADisk), ("/dev/null", .diskNotADisk),
            (scratch.path("empty"), .diskEmpty), (scratch.path("small"), .diskTooSmall),
            (scratch.path("small") + "/below", .diskNotFound),
        ]
        for (path, code) in cases {
            #expect {
                _ = try Disk(path: path)
            } throws: {
                let error = $0 as? FerryError
                return error?.code == code && error?.subject == path && error?.advice.isEmpty == false
            }
        }
    }

    @Test func shrunkenFileIsNoticedAtTheByteItEnds() throws {
        let (path, _) = try patterned(count: 1 << 20)
        for access in [Disk.Access.cached, .direct] {
            #expect(truncate(path, 1 << 20) == 0)
            let disk = try Disk(path: path, access: access)
            #expect(truncate(path, 524_288) == 0)
            #expect(try disk.currentSize() == .kibibytes(512))
            #expect {
                _ = try read(disk, 0, 1 << 20)
            } throws: {
                let error = $0 as? FerryError
                return error?.code == .diskChangedSize && error?.subject == "\(path) at byte 524288"
            }
        }
    }

    @Test func readBeyondTheEndIsRefused() throws {
        let (path, _) = try patterned(count: 8192)
        let disk = try Disk(path: path)
        #expect(throws: FerryError.self) { try read(disk, 8000, 200) }
        #expect(throws: FerryError.self) { try read(disk, .max, 1) }
    }

    @Test func damagedBlocksAreReportedAndTheirNeighboursSaved() throws {
        let (path, bytes) = try patterned(count: 1 << 20)
        let bad = [
            Extent(start: ByteCount(20_480 as UInt64), length: .kibibytes(4)),
            Extent(start: ByteCount(40_960 as UInt64), length: .kibibytes(12)),
            Extent(start: ByteCount(1_044_480 as UInt64), length: .kibibytes(4)),
        ]
        // Faults of single bytes: whole blocks are lost.
        let faults = bad.map {
            FaultyDisk.Fault(.readError, at: Extent(from: $0.start + ByteCount(9 as UInt64), to: $0.end))
        }
        let disk = FaultyDisk(try Disk(path: path), faults: faults)
        var buffer = [UInt8](repeating: 0xEE, count: bytes.count)
        let damaged = try buffer.withUnsafeMutableBytes { try disk.readSalvaging(into: $0, at: .zero) }
        #expect(damaged == bad)
        var expected = bytes
        for extent in bad { for index in extent.start.int..<extent.end.int { expected[index] = 0 } }
        #expect(buffer == expected)
    }

    @Test func passingErrorIsNoDamage() throws {
        let (path, bytes) = try patterned(count: 65_536)
        let whole = Extent(start: .zero, length: .kibibytes(64))
        let disk = FaultyDisk(try Disk(path: path), faults: [.init(.readError, at: whole, times: 1)])
        var buffer = [UInt8](repeating: 0xEE, count: bytes.count)
        #expect(try buffer.withUnsafeMutableBytes { try disk.readSalvaging(into: $0, at: .zero) } == [])
        #expect(buffer == bytes)
    }

    @Test func lostDiskIsNotTakenForBadBlocks() throws {
        let (path, _) = try patterned(count: 65_536)
        let end = Extent(start: .kibibytes(32), length: .kibibytes(32))
        for (effect, code) in [(FaultyDisk.Fault.Effect.gone, ErrorCode.diskGone), (.ends, .diskChangedSize)] {
            let disk = FaultyDisk(try Disk(path: path), faults: [.init(effect, at: end)])
            var buffer = [UInt8](repeating: 0, count: 65_536)
            #expect {
                _ = try buffer.withUnsafeMutableBytes { try disk.readSalvaging(into: $0, at: .zero) }
            } throws: {
                ($0 as? FerryError)?.code == code
            }
        }
    }

    @Test func scriptedChangeBeginsWhenItIsDue() throws {
        let (path, bytes) = try patterned(count: 8192)
        let spot = Extent(start: ByteCount(100 as UInt64), length: ByteCount(2 as UInt64))
        let disk = FaultyDisk(
            try Disk(path: path),
            faults: [.init(.changedContent(0xFF), at: spot, after: 1, times: 1)]
        )
        #expect(try read(disk, 0, 8192) == bytes)
        var changed = bytes
        changed[100] ^= 0xFF
        changed[101] ^= 0xFF
        #expect(try read(disk, 0, 8192) == changed)
        #expect(try read(disk, 0, 8192) == bytes)
    }

    /// A mounted file system writes past the cache of the device below it. A mover that reads through that cache sends
    /// what it saw the first time.
    @Test(
        .enabled(if: LoopDevice.isPossible, LoopDevice.obstacle),
        .enabled(if: Tool.has("mkfs.xfs"), Tool.missing("mkfs.xfs"))
    )
    func secondReadBelowAMountedFileSystemSeesWhatWasWrittenBetween() throws {
        let image = try scratch.image(mebibytes: 320)
        try Tool.run("mkfs.xfs", "-q", image)
        let loop = try LoopDevice(image, scratch)
        try loop.mount()
        let file = loop.mountPoint + "/file"
        let disk = try Disk(path: loop.path)
        #expect(disk.access == .direct)
        #expect(disk.geometry.kind == .blockDevice)
        func write(_ mark: UInt8) throws {
            let handle = try #require(FileHandle(forWritingAtPath: file))
            try handle.write(contentsOf: Data(repeating: mark, count: 1 << 20))
            try handle.synchronize()
            try handle.close()
        }
        _ = FileManager.default.createFile(atPath: file, contents: nil)
        try write(0xA1)
        let before = try read(disk, 0, 320 << 20)
        let isMarked = { (block: Int) in before[block..<(block + 4096)].allSatisfy { $0 == 0xA1 } }
        let marked = stride(from: 0, to: before.count, by: 4096).filter(isMarked)
        #expect(marked.count == 256)
        try write(0xB2)
        for block in marked { #expect(try read(disk, block, 4096).allSatisfy { $0 == 0xB2 }) }
    }
}
