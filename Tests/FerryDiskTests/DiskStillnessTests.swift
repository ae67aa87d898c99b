import FerryCore
import Foundation
import Testing

@testable import FerryDisk

@Suite struct DiskStillnessTests {
    @Test func fileThatNobodyWritesToIsStill() throws {
        let scratch = try Scratch()
        let disk = try Disk(path: try scratch.image(mebibytes: 1))
        let stillness = try #require(DiskStillness(of: disk, use: .none))
        #expect(stillness.disturbance() == nil)
    }

    @Test func writerWhoCameAndWentIsNoticedAndWasNotKeptWaiting() throws {
        let scratch = try Scratch()
        let image = try scratch.image(mebibytes: 1)
        let stillness = try #require(DiskStillness(of: try Disk(path: image), use: .none))
        // With a lease in the way this would fail: it may not wait.
        let descriptor = open(image, O_WRONLY | O_NONBLOCK)
        try #require(descriptor >= 0)
        #expect(write(descriptor, "x", 1) == 1)
        #expect(stillness.disturbance() != nil)
        close(descriptor)
        #expect(stillness.disturbance() != nil)
    }

    @Test func fileThatIsOpenForWritingIsNotKnownToBeStill() throws {
        let scratch = try Scratch()
        let image = try scratch.image(mebibytes: 1)
        let descriptor = open(image, O_WRONLY)
        defer { close(descriptor) }
        #expect(DiskStillness(of: try Disk(path: image), use: .none) == nil)
    }

    @Suite(
        .enabled(if: LoopDevice.isPossible, LoopDevice.obstacle),
        .enabled(if: Tool.has("mke2fs"), Tool.missing("mke2fs"))
    )
    struct OfDevices {
        private let loop: LoopDevice

        init() throws {
            let scratch = try Scratch()
            let image = try scratch.image(mebibytes: 32)
            try Tool.run("mke2fs", "-q", "-F", "-t", "ext4", image)
            loop = try LoopDevice(image, scratch)
        }

        @Test func unusedDeviceIsStillAndItsOwnerMayMountIt() throws {
            let stillness = try #require(DiskStillness(of: try Disk(path: loop.path), use: .none))
            #expect(stillness.disturbance() == nil)
            try loop.mount()
            #expect(stillness.disturbance() != nil)
            #expect(DiskStillness(of: try Disk(path: loop.path), use: .none) == nil)
        }

        @Test func bytesStillInThePageCacheAreCounted() throws {
            let stillness = try #require(DiskStillness(of: try Disk(path: loop.path), use: .none))
            let descriptor = open(loop.path, O_WRONLY)
            #expect(pwrite(descriptor, [UInt8](repeating: 7, count: 8192), 8192, 1 << 20) == 8192)
            close(descriptor)
            #expect(stillness.disturbance() == "8 KiB were written to it")
        }

        @Test func frozenFileSystemIsStillUntilItIsWrittenTo() throws {
            try loop.mount()
            let disk = try Disk(path: loop.path)
            let freeze = try FileSystemFreeze(of: MountTable.current().fileSystems(on: disk), for: .seconds(60))
            let stillness = try #require(DiskStillness(of: disk, use: .frozen))
            #expect(stillness.disturbance() == nil)
            try freeze.thaw()
            try Data(count: 65_536).write(to: URL(fileURLWithPath: loop.mountPoint + "/file"))
            sync()
            #expect(stillness.disturbance() != nil)
        }
    }
}
