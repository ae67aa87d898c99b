import FerryCore
import Foundation
import Testing

@testable import FerryDisk

/// Maps of file systems that are mounted, on loop devices of the test.
@Suite(.enabled(if: LoopDevice.isPossible, LoopDevice.obstacle))
struct MountedMapTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func mounted(_ maker: [String]) throws -> LoopDevice {
        let image = try scratch.image(mebibytes: 400)
        try Tool.run(maker[0], Array(maker.dropFirst()) + [image])
        let loop = try LoopDevice(image, scratch)
        try loop.mount()
        for index in 0..<60 {
            try Data(count: 10_000 * (index + 1)).write(to: URL(fileURLWithPath: loop.mountPoint + "/\(index)"))
        }
        for index in 0..<60 where index % 3 == 0 {
            try FileManager.default.removeItem(atPath: loop.mountPoint + "/\(index)")
        }
        return loop
    }

    @Test(arguments: [
        ["mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096"], ["mkfs.xfs", "-q"], ["mkfs.xfs", "-q", "-m", "rmapbt=1"],
    ])
    func kernelAndDiskAgreeOnAFrozenFileSystem(maker: [String]) throws {
        guard Tool.has(maker[0]) else { return }
        let loop = try mounted(maker)
        let disk = try Disk(path: loop.path)
        let mounts = MountTable.current()
        let freeze = try FileSystemFreeze(of: mounts.fileSystems(on: disk), for: .seconds(120))
        let byKernel = try DiskUsage(of: disk, mounts: mounts)
        let whole = disk.geometry.wholeDisk
        let map: any UsageMap =
            maker[0] == "mke2fs"
            ? try Ext4Map(of: disk, region: whole, isLive: true) : try XFSMap(of: disk, region: whole, isLive: true)
        var byDisk: [Extent] = []
        #expect(try map.survey { byDisk.append($0) } == [])
        #expect(freeze.isHeld)
        try freeze.thaw()
        #expect(byKernel.inspection.regions.map(\.source) == [.kernel])
        #expect(byKernel.inspection.regions.map(\.mountPoint) == [loop.mountPoint])
        #expect(byKernel.inspection.findings == [])
        let kernel = byKernel.unusedExtents(in: whole)
        // The kernel of ext4 also keeps what it has set aside for files that grow; the disk does not know of that.
        let onDisk = Ext4Image.joined(byDisk)
        #expect(kernel.allSatisfy { run in onDisk.contains { $0.intersection(run) == run } })
        if maker[0] == "mkfs.xfs" { #expect(kernel == onDisk) }
        #expect(byKernel.inspection.unused > .mebibytes(250))
        #expect(byKernel.inspection.unused == kernel.reduce(.zero) { $0 + $1.length })
    }

    /// The kernel is not asked about blocks smaller than 4 KiB, and what the disk says is old while it is written to.
    @Test(.enabled(if: Tool.has("mke2fs"), Tool.missing("mke2fs")))
    func whereTheKernelCannotBeAskedTheDiskIsBelievedOnceFrozen() throws {
        let loop = try mounted(["mke2fs", "-q", "-F", "-t", "ext4", "-b", "1024"])
        let disk = try Disk(path: loop.path)
        let mounts = MountTable.current()
        let live = try DiskUsage(of: disk, mounts: mounts)
        #expect(live.inspection.regions.map(\.source) == [.none])
        #expect(live.inspection.findings.map(\.code) == [.copiedWhole])
        #expect(live.inspection.unused == .zero)
        let freeze = try FileSystemFreeze(of: mounts.fileSystems(on: disk), for: .seconds(60))
        let frozen = try DiskUsage(of: disk, mounts: mounts, areFrozen: true)
        try freeze.thaw()
        #expect(frozen.inspection.regions.map(\.source) == [.disk])
        #expect(frozen.inspection.regions.map(\.mountPoint) == [loop.mountPoint])
        #expect(frozen.inspection.unused > .zero)
    }

    @Test(.enabled(if: Tool.has("mke2fs"), Tool.missing("mke2fs")))
    func scatteredFreeSpaceIsKeptInBounds() throws {
        let loop = try mounted(["mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096"])
        let disk = try Disk(path: loop.path)
        let mount = try #require(MountTable.current().fileSystems(on: disk).first)
        let whole = disk.geometry.wholeDisk
        func runs(_ most: Int) throws -> [Extent] {
            let map = try #require(KernelMap(of: mount, region: whole, mostRuns: most))
            var runs: [Extent] = []
            map.unusedExtents(in: whole) { runs.append($0) }
            return runs
        }
        let all = try runs(KernelMap.mostRuns)
        let few = try runs(4)
        #expect(all.count > 4)
        #expect((1...4).contains(few.count))
        #expect(few.allSatisfy { run in all.contains { $0.intersection(run) == run } })
    }

    @Test(.enabled(if: Tool.has("mke2fs"), Tool.missing("mke2fs")))
    func crashedImageIsCopiedWhole() throws {
        let loop = try mounted(["mke2fs", "-q", "-F", "-t", "ext4"])
        try Tool.run("sync", "-f", loop.mountPoint)
        try Tool.run("cp", "--sparse=always", scratch.path("image"), scratch.path("crashed"))
        let usage = try DiskUsage(of: Disk(path: scratch.path("crashed")))
        #expect(usage.inspection.findings.map(\.code) == [.needsRecovery])
        #expect(usage.inspection.unused == .zero)
    }

    /// Structures change under the reader: whatever it makes of them, it goes on, and never for the whole.
    @Test(arguments: [["mke2fs", "-q", "-F", "-t", "ext4", "-b", "1024"], ["mkfs.xfs", "-q"]])
    func mapOfABusyFileSystemIsMadeAllTheSame(maker: [String]) throws {
        guard Tool.has(maker[0]) else { return }
        let loop = try mounted(maker)
        let script = """
            for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
                head -c 3000000 /dev/zero > \(loop.mountPoint)/busy$i; sync -f \(loop.mountPoint)
                rm -f \(loop.mountPoint)/busy$((i - 2)); sync -f \(loop.mountPoint)
            done
            """
        let writer = Process()
        writer.executableURL = URL(fileURLWithPath: "/bin/sh")
        writer.arguments = ["-c", script]
        try writer.run()
        let disk = try Disk(path: loop.path)
        let whole = disk.geometry.wholeDisk
        repeat {
            let map: any UsageMap =
                maker[0] == "mke2fs"
                ? try Ext4Map(of: disk, region: whole, isLive: true) : try XFSMap(of: disk, region: whole, isLive: true)
            var unused = ByteCount.zero
            _ = try map.survey { unused += $0.length }
            #expect(unused > .mebibytes(100))
        } while writer.isRunning
        writer.waitUntilExit()
    }

    @Test(.enabled(if: Tool.has("mke2fs", "sfdisk", "partx"), Tool.missing("mke2fs", "sfdisk", "partx")))
    func mountedPartitionIsFoundOnItsDisk() throws {
        let image = try scratch.image(mebibytes: 100)
        try Tool.run("sfdisk", "-q", image, input: "label: gpt\nstart=2048, size=20480\nstart=40960, size=131072\n")
        try Tool.run("mke2fs", "-q", "-F", "-t", "ext4", "-b", "4096", "-E", "offset=\(40960 * 512)", image, "64m")
        let loop = try LoopDevice(image, scratch)
        try loop.addPartitions()
        try loop.mount(partition: 2)
        let disk = try Disk(path: loop.path)
        let mounts = MountTable.current()
        let found = mounts.fileSystems(on: disk)
        #expect(found.map(\.mountPoint) == [loop.mountPoint])
        let usage = try DiskUsage(of: disk)
        #expect(usage.inspection.regions.map(\.mountPoint) == [nil, loop.mountPoint])
        #expect(usage.inspection.regions.map(\.source) == [.none, .kernel])
        #expect(usage.inspection.findings == [])
        #expect(usage.inspection.unused > .mebibytes(40))
        let freeze = try FileSystemFreeze(of: found, for: .seconds(60))
        #expect(freeze.isHeld)
        try freeze.thaw()
        let part = try Disk(path: loop.path + "p2").identity()
        #expect(part.facts.map(\.kind) == [.fileSystemUUID, .size])
    }
}
