import FerryCore
import Testing

@testable import FerryDisk

@Suite(.enabled(if: Tool.has("mke2fs", "debugfs", "dumpe2fs"), Tool.missing("mke2fs", "debugfs", "dumpe2fs")))
struct Ext4MapTests {
    /// Every feature that changes where things lie or how they are checked.
    static let layouts: [(String, Int)] = [
        ("-t ext2 -b 1024", 64), ("-t ext2 -b 4096", 64), ("-t ext3 -b 1024", 96), ("-t ext3 -b 2048", 96),
        ("-t ext4", 300), ("-t ext4 -b 1024", 96), ("-t ext4 -b 2048", 96), ("-t ext4 -b 4096 -O ^64bit", 300),
        ("-t ext4 -b 65536", 300), ("-t ext4 -O ^metadata_csum,uninit_bg", 400),
        ("-t ext4 -b 1024 -O ^metadata_csum,uninit_bg,^flex_bg", 128), ("-t ext4 -O ^metadata_csum,^uninit_bg", 300),
        ("-t ext4 -O bigalloc -C 16384", 300), ("-t ext4 -b 1024 -O bigalloc -C 8192", 300),
        ("-t ext4 -b 4096 -O bigalloc -C 1048576", 500),
        ("-t ext4 -b 1024 -O meta_bg,^resize_inode", 200), ("-t ext4 -b 1024 -O meta_bg,^resize_inode,^flex_bg", 200),
        ("-t ext4 -b 1024 -O meta_bg,^resize_inode,^metadata_csum,uninit_bg", 200),
        ("-t ext4 -b 1024 -O sparse_super2,^resize_inode", 200),
        ("-t ext4 -b 1024 -O ^sparse_super,^resize_inode", 200),
        ("-t ext4 -b 1024 -g 1024", 64), ("-t ext4 -G 64 -b 1024 -g 2048", 128), ("-t ext4 -O metadata_csum_seed", 64),
        ("-t ext4 -O quota,project,inline_data,encrypt,casefold,mmp", 96), ("-t ext4 -O ^has_journal", 64),
        ("-t ext4 -r 0 -O none", 64),
    ]

    @Test(arguments: layouts)
    func unusedBlocksAreExactlyTheFreeOnes(options: String, mebibytes: Int) throws {
        let scratch = try Scratch()
        let image = try Ext4Image.make(
            scratch,
            options.split(separator: " ").map(String.init),
            mebibytes: mebibytes,
            seed: 1
        )
        let disk = try Disk(path: image)
        let map = try Ext4Map(of: disk, region: disk.geometry.wholeDisk, isLive: false)
        var found: [Extent] = []
        #expect(try map.survey { found.append($0) }.isEmpty)
        #expect(Ext4Image.joined(found) == (try Ext4Image.freeExtents(image)))
        let usage = try DiskUsage(of: disk, mounts: MountTable(mounts: []))
        #expect(usage.inspection.findings == [])
        #expect(usage.inspection.unused > .zero)
    }

    @Test(arguments: [
        "-t ext2 -b 4096", "-t ext3 -b 4096", "-t ext4 -b 4096 -O ^64bit", "-t ext4 -b 4096 -O uninit_bg",
    ])
    func usedBlocksAreThoseOfPartclone(options: String) throws {
        let scratch = try Scratch()
        let options = options.split(separator: " ").map(String.init)
        try expectSameUse(as: "partclone.ext4", try Ext4Image.make(scratch, options, mebibytes: 300, seed: 2))
    }

    @Test func manyReadersAtATimeSeeTheSame() async throws {
        let scratch = try Scratch()
        let image = try Ext4Image.make(scratch, ["-t", "ext4", "-b", "1024"], mebibytes: 200, seed: 4)
        let usage = try DiskUsage(of: Disk(path: image), mounts: MountTable(mounts: []))
        let pieces = (0..<100).map { Extent(start: .mebibytes(UInt64($0) * 2), length: .mebibytes(2)) }
        let expected = pieces.map { usage.usedExtents(in: $0) }
        await withTaskGroup(of: Bool.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    pieces.indices.allSatisfy { index in
                        let place = (index * 37 + worker * 13) % pieces.count
                        return usage.usedExtents(in: pieces[place]) == expected[place]
                    }
                }
            }
            for await isSame in group { #expect(isSame) }
        }
        #expect(usage.lateFindings == [])
    }

    @Test(
        .enabled(if: Tool.has("resize2fs", "e2fsck"), Tool.missing("resize2fs", "e2fsck")),
        arguments: ["-b 1024", "-b 4096", "-b 1024 -O ^resize_inode,meta_bg", "-b 1024 -O ^metadata_csum,uninit_bg"]
    )
    func resizedFileSystemIsUnderstood(options: String) throws {
        let scratch = try Scratch()
        let options = ["-t", "ext4"] + options.split(separator: " ").map(String.init)
        let image = try Ext4Image.make(scratch, options, mebibytes: 64, seed: 6)
        for size in ["400M", "40M"] {
            try Tool.run("truncate", "-s", "400M", image)
            try Tool.run("e2fsck", "-f", "-y", image)
            try Tool.run("resize2fs", image, size)
            let disk = try Disk(path: image)
            let map = try Ext4Map(of: disk, region: disk.geometry.wholeDisk, isLive: false)
            var found: [Extent] = []
            #expect(try map.survey { found.append($0) }.isEmpty)
            #expect(Ext4Image.joined(found) == (try Ext4Image.freeExtents(image)))
        }
    }
}
