import FerryCore
import Foundation
import Testing

@testable import FerryDisk

@Suite(.enabled(if: Tool.has("mkfs.xfs", "xfs_db"), Tool.missing("mkfs.xfs", "xfs_db")))
struct XFSMapTests {
    static let layouts = [
        "", "-b size=1024", "-b size=512 -m crc=0", "-m crc=0", "-b size=65536", "-s size=4096", "-d agcount=7",
        "-m rmapbt=1,reflink=1", "-m reflink=0,finobt=0", "-d agcount=3 -b size=2048 -i size=1024", "-d su=64k,sw=4",
        "-l size=64m -m crc=0,finobt=0",
    ]

    @Test(arguments: layouts)
    func unusedBlocksAreTheFreeOnesButTheReserve(options: String) throws {
        let scratch = try Scratch()
        let image = try scratch.image(mebibytes: 700)
        try Tool.run(
            "mkfs.xfs",
            options.split(separator: " ").map(String.init) + ["-q", "-p", prototype(scratch), image]
        )
        try compare(image)
        try expectSameUse(as: "partclone.xfs", image)
    }

    @Test(.enabled(if: LoopDevice.isPossible, LoopDevice.obstacle), arguments: ["", "-b size=1024", "-m rmapbt=1"])
    func holesOfDeletedFilesAreFound(options: String) throws {
        let scratch = try Scratch()
        let image = try scratch.image(mebibytes: 400)
        try Tool.run("mkfs.xfs", options.split(separator: " ").map(String.init) + ["-q", image])
        let loop = try LoopDevice(image, scratch)
        try loop.mount()
        for round in 0..<3 {
            // Thousands of files of one block, and every other gone, make trees with more than one level.
            let folder = loop.mountPoint + "/\(round)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for index in 0..<1500 { try Data(count: 4096).write(to: URL(fileURLWithPath: folder + "/\(index)")) }
            for index in 0..<1500 where index % 2 == 0 {
                try FileManager.default.removeItem(atPath: folder + "/\(index)")
            }
        }
        try loop.unmount()
        try compare(image)
    }

    @Test(.enabled(if: LoopDevice.isPossible, LoopDevice.obstacle))
    func uncleanLogMeansCopyingAll() throws {
        let scratch = try Scratch()
        let image = try scratch.image(mebibytes: 400)
        try Tool.run("mkfs.xfs", "-q", image)
        let clean = try DiskUsage(of: Disk(path: image), mounts: MountTable(mounts: []))
        #expect(clean.inspection.findings == [])
        let loop = try LoopDevice(image, scratch)
        try loop.mount()
        try Data(count: 100_000).write(to: URL(fileURLWithPath: loop.mountPoint + "/file"))
        try Tool.run("sync", "-f", loop.mountPoint)
        // What a crash leaves: the image as it is while mounted.
        let crashed = scratch.path("crashed")
        try Tool.run("cp", "--sparse=always", image, crashed)
        let usage = try DiskUsage(of: Disk(path: crashed), mounts: MountTable(mounts: []))
        #expect(usage.inspection.findings.map(\.code) == [.needsRecovery])
        #expect(usage.inspection.unused == .zero)
        try loop.unmount()
        let again = try DiskUsage(of: Disk(path: image), mounts: MountTable(mounts: []))
        #expect(again.inspection.findings == [])
        #expect(again.inspection.unused > .mebibytes(200))
    }

    private func prototype(_ scratch: Scratch) throws -> String {
        let content = scratch.path("content")
        try Ext4Image.writeFiles(in: content, seed: 3)
        let files = (0..<40).map { "file\($0) ---644 0 0 \(content)/file\($0)" }
        let path = scratch.path("prototype")
        try (["/none", "0 0", "d--755 0 0"] + files + ["$", ""]).joined(separator: "\n")
            .write(toFile: path, atomically: false, encoding: .utf8)
        return path
    }

    /// `xfs_db` lists the blocks of the free list with the free ones; they have to be copied.
    private func compare(_ image: String) throws {
        let disk = try Disk(path: image)
        let map = try XFSMap(of: disk, region: disk.geometry.wholeDisk, isLive: false)
        #expect(try map.hasCleanLog() == true)
        let size = map.superblock.blockSize
        var free: Set<UInt64> = []
        for line in try Tool.run("xfs_db", "-r", "-c", "freesp -d", image).split(separator: "\n") {
            let numbers = line.split(separator: " ").compactMap { UInt64($0) }
            // Headings come before the list, a summary with more columns behind it.
            guard numbers.count == 3, line.split(separator: " ").count == 3 else { continue }
            let first = numbers[0] * map.superblock.groupBlocks + numbers[1]
            free.formUnion(first..<(first + numbers[2]))
        }
        var reserve = 0
        for group in 0..<map.superblock.groupCount {
            let text = try Tool.run("xfs_db", "-r", "-c", "agf \(group)", "-c", "print flcount", image)
            reserve += Int(text.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: " ").last ?? "") ?? 0
        }
        var unused: Set<UInt64> = []
        #expect(
            try map.survey { run in
                unused.formUnion((run.start.bytes / size)..<(run.end.bytes / size))
            }.isEmpty
        )
        let isSubset = unused.isSubset(of: free)
        #expect(isSubset)
        let (freeCount, unusedCount) = (free.count, unused.count)
        #expect(freeCount - unusedCount == reserve)
        #expect(unusedCount > 0)
        let usage = try DiskUsage(of: disk, mounts: MountTable(mounts: []))
        #expect(usage.inspection.findings == [])
        #expect(usage.inspection.regions.map(\.fileSystem) == [.xfs])
    }
}

/// Compares with the number of used blocks that partclone, if it is installed, would copy.
func expectSameUse(as tool: String, _ image: String) throws {
    guard Tool.has(tool) else { return }
    let scratch = try Scratch()
    let text = try Tool.run(tool, "-c", "-s", image, "-O", scratch.path("copy"), "-L", scratch.path("log"))
    guard let line = text.split(whereSeparator: { "\n\r".contains($0) }).last(where: { $0.contains("Space in use:") }),
        let blocks = line.split(separator: "=").last?.split(separator: " ").first.flatMap({ UInt64($0) }),
        let sizeLine = text.split(whereSeparator: { "\n\r".contains($0) }).last(where: { $0.contains("Block size:") }),
        let size = sizeLine.split(separator: ":").last?.split(separator: " ").first.flatMap({ UInt64($0) })
    else {
        Issue.record("\(tool) printed something else: \(text)")
        return
    }
    let disk = try Disk(path: image)
    let usage = try DiskUsage(of: disk, mounts: MountTable(mounts: []))
    // Rounding to 4 KiB may add a little, the end of the file behind the file system too.
    let difference = Int64(usage.inspection.used.bytes) - Int64(blocks * size)
    print("\(tool): \(blocks * size) bytes, Ferry: \(usage.inspection.used.bytes) bytes")
    #expect(difference >= -Int64(size) && difference < 4 << 20)
}
