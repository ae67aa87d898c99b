import FerryCore
import Foundation
import Testing

@testable import FerryDisk

/// What becomes of maps whose bits have flipped.
@Suite struct DamagedMapTests {
    static let seed = UInt64.random(in: 0...(.max))

    @Test(
        .enabled(if: Tool.has("mke2fs", "debugfs"), Tool.missing("mke2fs", "debugfs")),
        arguments: [
            "-t ext2 -b 1024", "-t ext2 -b 4096", "-t ext4 -b 4096", "-t ext4 -b 1024 -O ^metadata_csum,uninit_bg",
            "-t ext4 -b 1024 -O meta_bg,^resize_inode", "-t ext4 -b 4096 -O bigalloc -C 16384",
        ]
    )
    func flippedBitOfExt4NeverFreesAUsedBlock(options: String) throws {
        let scratch = try Scratch()
        let image = try Ext4Image.make(
            scratch,
            options.split(separator: " ").map(String.init),
            mebibytes: 40,
            seed: 5
        )
        let disk = try Disk(path: image, access: .cached)
        let superblock = try Ext4Map(of: disk, region: disk.geometry.wholeDisk, isLive: false).superblock
        let size = superblock.blockSize
        // The superblock, and for each group its descriptor and its bitmap.
        var places = [Extent(start: .kibibytes(1), length: .kibibytes(1))]
        let cache = MetadataCache(disk, region: disk.geometry.wholeDisk)
        for number in 0..<superblock.groupCount {
            let block = superblock.descriptorBlock(number / superblock.descriptorsPerBlock)
            let offset = block * size + number % superblock.descriptorsPerBlock * UInt64(superblock.descriptorSize)
            let bytes = try cache.bytes(at: offset, count: superblock.descriptorSize)
            let group = try Ext4Group(bytes, number: number, in: superblock)
            places.append(Extent(start: ByteCount(offset), length: ByteCount(superblock.descriptorSize)))
            if !group.isUninitialized {
                places.append(Extent(start: ByteCount(group.blockBitmap * size), length: ByteCount(size)))
            }
        }
        try flip(places, of: disk)
    }

    @Test(.enabled(if: Tool.has("mkfs.xfs"), Tool.missing("mkfs.xfs")), arguments: ["", "-m crc=0", "-b size=1024"])
    func flippedBitOfXFSNeverFreesAUsedBlock(options: String) throws {
        let scratch = try Scratch()
        let image = try scratch.image(mebibytes: 320)
        try Tool.run("mkfs.xfs", options.split(separator: " ").map(String.init) + ["-q", image])
        let disk = try Disk(path: image, access: .cached)
        let superblock = try XFSMap(of: disk, region: disk.geometry.wholeDisk, isLive: false).superblock
        // The superblock, and for each group its header and what is used of the roots of its trees.
        var places = [Extent(start: .zero, length: ByteCount(130 as UInt64))]
        for group in 0..<superblock.groupCount {
            let start = superblock.offset(of: group)
            let offset = ByteCount(start + UInt64(superblock.sectorSize))
            let header = try DiskBytes(of: disk, at: offset, count: 64)
            places.append(Extent(start: offset, length: ByteCount(64 as UInt64)))
            for field in [16, 20] {
                let root = start + UInt64(try header.big(field, as: UInt32.self)) * superblock.blockSize
                places.append(Extent(start: ByteCount(root), length: ByteCount(80 as UInt64)))
            }
        }
        try flip(places, of: disk)
    }

    private func flip(_ places: [Extent], of disk: Disk) throws {
        print("seed \(DamagedMapTests.seed)")
        var random = SeededGenerator(seed: DamagedMapTests.seed)
        let whole = disk.geometry.wholeDisk
        let nowhere = MountTable(mounts: [])
        let healthy = try DiskUsage(of: disk, mounts: nowhere)
        #expect(healthy.inspection.findings == [])
        let free = healthy.unusedExtents(in: whole)
        var found = 0
        for _ in 0..<150 {
            guard let place = places.randomElement(using: &random) else { return }
            let byte = place.start + ByteCount(UInt64.random(in: 0..<place.length.bytes, using: &random))
            let mask = UInt8(1) << UInt8.random(in: 0..<8, using: &random)
            let fault = FaultyDisk.Fault(.changedContent(mask), at: Extent(start: byte, length: ByteCount(1 as UInt64)))
            let usage = try DiskUsage(of: FaultyDisk(disk, faults: [fault]), mounts: nowhere)
            let unused = usage.unusedExtents(in: whole)
            if usage.inspection.findings.isEmpty {
                let isWithin = unused.allSatisfy { run in free.contains { $0.intersection(run) == run } }
                #expect(isWithin, "byte \(byte.bytes) xor \(mask)")
            } else {
                found += 1
                #expect(unused.isEmpty, "byte \(byte.bytes) xor \(mask)")
            }
            #expect(usage.lateFindings == [])
        }
        #expect(found > 0)
    }

    @Test(.enabled(if: Tool.has("mke2fs", "debugfs"), Tool.missing("mke2fs", "debugfs")))
    func noBlockOfAFileOrOfMetadataIsFree() throws {
        let scratch = try Scratch()
        let image = try Ext4Image.make(scratch, ["-t", "ext4", "-b", "4096"], mebibytes: 300, seed: 9)
        let usage = try DiskUsage(of: Disk(path: image), mounts: MountTable(mounts: []))
        let paths = (0..<40).filter { $0 % 3 != 0 }.map { "/file\($0)" } + ["/", "<2>", "<7>", "<8>", "/sub"]
        for path in paths {
            let text = try Tool.run("debugfs", "-R", "blocks \(path)", image)
            let blocks = text.split(whereSeparator: { " \n".contains($0) }).compactMap { UInt64($0) }
            #expect(!blocks.isEmpty, "\(path)")
            for block in blocks {
                let extent = Extent(start: .kibibytes(block * 4), length: .kibibytes(4))
                #expect(usage.usedExtents(in: extent) == [extent], "\(path) block \(block)")
            }
        }
    }
}
