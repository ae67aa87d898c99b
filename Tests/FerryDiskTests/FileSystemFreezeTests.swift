import FerryCore
import Foundation
import Testing

@testable import FerryDisk

/// These freeze file systems of their own on loop devices, never one of the host.
@Suite(
    .enabled(if: LoopDevice.isPossible, LoopDevice.obstacle),
    .enabled(if: Tool.has("mke2fs"), Tool.missing("mke2fs"))
)
struct FileSystemFreezeTests {
    private let scratch: Scratch
    private let loop: LoopDevice
    private let fileSystem: MountedFileSystem

    init() throws {
        scratch = try Scratch()
        let image = try scratch.image(mebibytes: 32)
        try Tool.run("mke2fs", "-q", "-F", "-t", "ext4", image)
        loop = try LoopDevice(image, scratch)
        try loop.mount()
        let disk = try Disk(path: loop.path)
        let found = MountTable.current().fileSystems(on: disk)
        try #require(found.map(\.mountPoint) == [loop.mountPoint])
        fileSystem = found[0]
    }

    /// Whether a write gets through within a second. The writer is a process of its own: a thread could not be left.
    private func writeGetsThrough(_ name: String = "file") throws -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "echo x > \(loop.mountPoint)/\(name)"]
        try process.run()
        for _ in 0..<50 where process.isRunning { usleep(20_000) }
        return !process.isRunning
    }

    @Test func writesWaitUntilTheThaw() throws {
        let freeze = try FileSystemFreeze(of: [fileSystem], for: .seconds(60))
        #expect(freeze.isHeld)
        #expect(try !writeGetsThrough("during"))
        try freeze.thaw()
        #expect(!freeze.isHeld)
        #expect(try writeGetsThrough("after"))
        #expect(FileManager.default.fileExists(atPath: loop.mountPoint + "/during"))
    }

    @Test func limitThawsAndIsToldOf() throws {
        let freeze = try FileSystemFreeze(of: [fileSystem], for: .milliseconds(300))
        while freeze.isHeld { usleep(10_000) }
        #expect(try writeGetsThrough())
        #expect {
            try freeze.thaw()
        } throws: {
            ($0 as? FerryError)?.code == .freezeExpired
        }
        try freeze.thaw()
    }

    /// So much waits in memory that bringing it to the disk takes longer than the limit.
    @Test func freezeThatTakesLongerThanItsLimitFailsAndLeavesNothingFrozen() throws {
        let image = try scratch.image(mebibytes: 1024)
        try Tool.run("mke2fs", "-q", "-F", "-t", "ext4", image)
        let slow = try LoopDevice(image, scratch)
        try slow.mount()
        let found = MountTable.current().fileSystems(on: try Disk(path: slow.path))
        try Tool.run("dd", "if=/dev/urandom", "of=\(slow.mountPoint)/big", "bs=1M", "count=700")
        let limit = Duration.milliseconds(100)
        let began = ContinuousClock.now
        do throws(FerryError) {
            let freeze = try FileSystemFreeze(of: found, for: limit)
            // A storage that is faster than most; nothing is said of those then.
            #expect(ContinuousClock.now - began < limit * 2)
            while freeze.isHeld { usleep(10_000) }
        } catch {
            #expect(error.code == .freezeFailed && error.retry == .later)
        }
        try Tool.run("timeout", "5", "sh", "-c", "echo x > \(slow.mountPoint)/after")
    }

    @Test func forgottenFreezeIsThawed() throws {
        do {
            let freeze = try FileSystemFreeze(of: [fileSystem], for: .seconds(60))
            #expect(freeze.isHeld)
        }
        #expect(try writeGetsThrough())
    }

    @Test func deadWatchdogIsNoticedAndItsWorkDone() throws {
        let freeze = try FileSystemFreeze(of: [fileSystem], for: .seconds(60))
        let watchdog = try #require(freeze.watchdog)
        kill(watchdog, SIGKILL)
        while freeze.isHeld { usleep(10_000) }
        #expect(throws: FerryError.self) { try freeze.thaw() }
        #expect(try writeGetsThrough())
    }

    @Test func secondFreezeIsRefusedAndLeavesTheFirst() throws {
        let first = try FileSystemFreeze(of: [fileSystem], for: .seconds(60))
        #expect {
            _ = try FileSystemFreeze(of: [fileSystem], for: .seconds(60))
        } throws: {
            ($0 as? FerryError)?.code == .freezeFailed
        }
        #expect(first.isHeld)
        try first.thaw()
    }

    @Test func killedOwnerIsThawedFor() async throws {
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = loop.path as String] in
            let disk = try Disk(path: path)
            let freeze = try FileSystemFreeze(
                of: MountTable.current().fileSystems(on: disk),
                for: .seconds(600)
            )
            guard freeze.isHeld, freeze.fileSystems.count == 1 else { exit(1) }
            kill(getpid(), SIGKILL)
        }
        // The watching process needs a moment to notice.
        var isThawed = try writeGetsThrough("first")
        for attempt in 0..<5 where !isThawed { isThawed = try writeGetsThrough("again\(attempt)") }
        #expect(isThawed)
    }

    @Test func innerFileSystemsAreFrozenBeforeTheOuter() throws {
        let inner = loop.mountPoint + "/inner.img"
        _ = FileManager.default.createFile(atPath: inner, contents: nil)
        #expect(truncate(inner, 16 << 20) == 0)
        try Tool.run("mke2fs", "-q", "-F", "-t", "ext4", inner)
        let innerLoop = try LoopDevice(inner, scratch)
        try innerLoop.mount()
        let disk = try Disk(path: loop.path)
        let found = MountTable.current().fileSystems(on: disk)
        #expect(found.map(\.mountPoint) == [loop.mountPoint, innerLoop.mountPoint])
        try Data(count: 1 << 20).write(to: URL(fileURLWithPath: innerLoop.mountPoint + "/file"))
        let freeze = try FileSystemFreeze(of: found, for: .seconds(30))
        #expect(freeze.isHeld)
        try freeze.thaw()
        try innerLoop.unmount()
    }
}
