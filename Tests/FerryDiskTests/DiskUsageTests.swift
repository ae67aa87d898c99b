import FerryCore
import Foundation
import Testing

@testable import FerryDisk

@Suite(
    .enabled(if: Tool.has("mke2fs", "mkswap", "sfdisk"), Tool.missing("mke2fs", "mkswap", "sfdisk"))
)
struct DiskUsageTests {
    private let scratch: Scratch
    private let nowhere = MountTable(mounts: [])

    init() throws { scratch = try Scratch() }

    private func usage(_ image: String, _ selection: BlockSelection = .usedBlocks) throws -> DiskUsage {
        try DiskUsage(of: Disk(path: image), selecting: selection, mounts: nowhere)
    }

    /// A disk with boot code, a gap, an ext4 that begins at an odd sector, a swap area and an unknown partition.
    private func mixedDisk() throws -> String {
        let image = try scratch.image(mebibytes: 128)
        let script = """
            label: dos
            start=63, size=131072, type=83
            start=140000, size=40000, type=82
            start=190000, size=8000, type=83
            """
        try Tool.run("sfdisk", "-q", image, input: script)
        try Tool.run("mke2fs", "-q", "-F", "-t", "ext4", "-L", "root", "-E", "offset=\(63 * 512)", image, "65536k")
        let swap = try scratch.image("swap", mebibytes: 19)
        try Tool.run("mkswap", "-L", "paging", swap)
        try Tool.run("dd", "if=\(swap)", "of=\(image)", "bs=512", "seek=140000", "conv=notrunc", "status=none")
        return image
    }

    @Test func remainsOfDeletedFilesAreStaleAndFreshSpaceIsNot() throws {
        let image = try mixedDisk()
        let before = try usage(image)
        let disk = try Disk(path: image)
        let region = before.inspection.regions[0].extent
        var told = ByteCount.zero
        let fresh = try before.staleSpace(in: region, on: disk) { told = $0 }
        #expect(told == before.inspection.regions[0].unused)
        // Ten blocks, and one of which only the last byte is set.
        let free = try #require(before.unusedExtents(in: region).first { $0.length > .mebibytes(1) })
        let file = try #require(FileHandle(forUpdatingAtPath: image))
        try file.seek(toOffset: free.start.bytes)
        try file.write(contentsOf: Data(repeating: 7, count: 10 * 4096))
        try file.seek(toOffset: free.start.bytes + 21 * 4096 - 1)
        try file.write(contentsOf: Data([1]))
        try file.close()
        let after = try usage(image).staleSpace(in: region, on: Disk(path: image)) { _ in }
        #expect(after.stale == fresh.stale + ByteCount(11 * 4096) && after.unreadable == .zero)
        let bad = Extent(start: free.start, length: ByteCount(2 * 4096))
        let faulty = FaultyDisk(disk, faults: [.init(.readError, at: bad)])
        let seen = try before.staleSpace(in: region, on: faulty) { _ in }
        #expect(seen.stale == after.stale - bad.length && seen.unreadable == bad.length)
    }

    @Test func everyRegionIsNamedAndCounted() throws {
        let usage = try usage(try mixedDisk())
        let inspection = usage.inspection
        #expect(inspection.tableKind == .mbr)
        #expect(inspection.regions.map(\.fileSystem) == [.ext4, .swap, .unknown])
        #expect(inspection.regions.map(\.label) == ["root", "paging", nil])
        #expect(inspection.regions.map(\.source) == [.disk, .disk, .none])
        #expect(inspection.findings == [])
        #expect(inspection.used + inspection.unused == inspection.geometry.size)
        #expect(inspection.regions[2].unused == .zero)
        // Of the swap area only its first page is needed; its end is cut to whole blocks of the disk.
        #expect(inspection.regions[1].unused > ByteCount.mebibytes(19) - .kibibytes(12))
    }

    @Test func viewAgreesWithItselfAtEveryCut() throws {
        let seed = UInt64.random(in: 0...(.max))
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let usage = try usage(try mixedDisk())
        let disk = usage.inspection.geometry.wholeDisk
        let whole = usage.unusedExtents(in: disk)
        #expect(whole.reduce(ByteCount.zero) { $0 + $1.length } == usage.inspection.unused)
        #expect(whole.allSatisfy { $0.start.isMultiple(of: .kibibytes(4)) && $0.length.isMultiple(of: .kibibytes(4)) })
        for _ in 0..<500 {
            let start = UInt64.random(in: 0..<disk.length.bytes, using: &random)
            let length = UInt64.random(in: 1...(8 << 20), using: &random)
            let range = Extent(start: ByteCount(start), length: ByteCount(length))
            let unused = usage.unusedExtents(in: range)
            #expect(unused == whole.compactMap { $0.intersection(range) })
            let used = usage.usedExtents(in: range)
            let both = (used + unused).sorted { $0.start < $1.start }
            #expect(Ext4Image.joined(both) == range.intersection(disk).map { [$0] })
            for (left, right) in zip(used, used.dropFirst()) { #expect(left.end < right.start) }
        }
        #expect(usage.lateFindings == [])
    }

    @Test func gapsAndBootCodeAreInUse() throws {
        let usage = try usage(try mixedDisk())
        for (first, end) in [(0, 63), (131_135, 140_000), (180_000, 190_000), (190_000, 198_000), (198_000, 262_144)] {
            let gap = Extent(from: ByteCount(first * 512), to: ByteCount(end * 512))
            #expect(usage.usedExtents(in: gap) == [gap])
        }
    }

    @Test func allBlocksMeansAll() throws {
        let usage = try usage(try mixedDisk(), .allBlocks)
        let disk = usage.inspection.geometry.wholeDisk
        #expect(usage.usedExtents(in: disk) == [disk])
        #expect(usage.inspection.unused > .zero)
    }

    @Test func partOfTheMapThatFailsLaterIsInUse() throws {
        let image = try mixedDisk()
        let disk = FaultyDisk(try Disk(path: image), faults: [])
        let usage = try DiskUsage(of: disk, mounts: nowhere)
        let swap = usage.inspection.regions[1].extent
        disk.add(.init(.readError, at: usage.inspection.regions[0].extent))
        // Everything that was kept from before has to be gone.
        let fresh = try DiskUsage(of: disk, mounts: nowhere)
        #expect(fresh.inspection.findings.map(\.code) == [.unreadable])
        #expect(fresh.inspection.regions[0].unused == .zero)
        #expect(!fresh.unusedExtents(in: swap).isEmpty)
    }

    @Test func goneDiskIsAFailureAndNoFinding() throws {
        let image = try mixedDisk()
        let region = Extent(start: .mebibytes(30), length: .mebibytes(1))
        let disk = FaultyDisk(
            try Disk(path: image),
            faults: [.init(.gone, at: Extent(start: .zero, length: region.end))]
        )
        #expect {
            _ = try DiskUsage(of: disk, mounts: nowhere)
        } throws: {
            ($0 as? FerryError)?.code == .diskGone
        }
    }

    @Test func suspendedSystemIsCopiedWhole() throws {
        let image = try scratch.image(mebibytes: 16)
        try Tool.run("mkswap", image)
        #expect(try usage(image).inspection.used == .kibibytes(4))
        let handle = try #require(FileHandle(forWritingAtPath: image))
        try handle.seek(toOffset: 4086)
        try handle.write(contentsOf: Data("S1SUSPEND\0".utf8))
        try handle.close()
        let suspended = try usage(image)
        #expect(suspended.inspection.findings.map(\.code) == [.hibernated])
        #expect(suspended.inspection.unused == .zero)
    }

    @Test func tableOverAnOldFileSystemIsCopiedWhole() throws {
        let image = try scratch.image(mebibytes: 32)
        try Tool.run("mke2fs", "-q", "-F", "-t", "ext4", image)
        try Tool.run("sfdisk", "-q", "--wipe", "never", image, input: "label: dos\nstart=2048, size=40960, type=82\n")
        let usage = try usage(image)
        #expect(usage.inspection.findings.map(\.code) == [.partitionsOverlap])
        #expect(usage.inspection.unused == .zero)
    }

    @Test(arguments: [
        ("mkfs.btrfs", ["-q"], FileSystemKind.btrfs), ("mkfs.vfat", ["-F", "32"], .fat), ("mkfs.vfat", [], .fat),
        ("mkntfs", ["-F", "-Q", "-q"], .ntfs),
    ])
    func foreignFileSystemIsNamedAndCopiedWhole(tool: String, options: [String], kind: FileSystemKind) throws {
        guard Tool.has(tool) else { return }
        let image = try scratch.image(mebibytes: 128)
        try Tool.run(tool, options + [image])
        let usage = try usage(image)
        #expect(usage.inspection.regions.map(\.fileSystem) == [kind])
        #expect(usage.inspection.findings.map(\.code) == [.copiedWhole])
        #expect(usage.inspection.unused == .zero)
    }

    @Test func externalJournalIsNamedAndCopiedWhole() throws {
        let image = try scratch.image(mebibytes: 32)
        try Tool.run("mke2fs", "-q", "-F", "-O", "journal_dev", image)
        let usage = try usage(image)
        #expect(usage.inspection.regions.map(\.fileSystem) == [.extJournal])
        #expect(usage.inspection.unused == .zero)
    }

    @Test(
        .enabled(if: Tool.has("debugfs"), Tool.missing("debugfs")),
        arguments: [
            ("feature needs_recovery", Finding.Code.needsRecovery), ("ssv state 0", .needsRecovery),
            ("ssv state 3", .mapInconsistent), ("ssv feature_incompat 0x80000242", .unknownFeature),
            ("set_bg 0 free_blocks_count 7", .mapInconsistent), ("set_bg 1 block_bitmap 3", .mapInconsistent),
            ("freeb 100 20", .mapInconsistent),
        ]
    )
    func doubtfulFileSystemIsCopiedWhole(command: String, code: Finding.Code) throws {
        let image = try scratch.image(mebibytes: 64)
        try Tool.run("mke2fs", "-q", "-F", "-t", "ext4", "-b", "1024", "-O", "^metadata_csum", image)
        #expect(try usage(image).inspection.unused > .zero)
        try Tool.run("debugfs", "-w", "-R", command, image)
        let usage = try usage(image)
        #expect(usage.inspection.findings.map(\.code) == [code])
        #expect(usage.inspection.unused == .zero)
        #expect(usage.inspection.regions.map(\.source) == [.none])
    }
}
