internal import CFerryLinux
internal import FerryCore
internal import Glibc

/// Shows whether anybody wrote to a disk since a moment, so that what was read meanwhile is of one moment. Keeps nobody
/// from writing.
///
/// Of a block device the kernel's count of what was written is compared, and that nothing in the kernel uses it at either
/// end (open(2), `O_EXCL`, held for no longer than it takes to ask). Of an image file, that no process has it open for
/// writing at either end (fcntl(2), `F_SETLEASE`, likewise), and that neither its content nor anything else of it was
/// changed in between. What is written through a mapping that was there before the first moment shows at both ends, as an
/// open file.
public final class DiskStillness: Sendable {
    /// What the disk may be used for.
    public enum Use: Sendable {
        /// Nothing: no file system on it is mounted, nothing in the kernel uses it.
        case none
        /// The file systems on it are frozen.
        case frozen
    }

    /// What it looked like at one moment.
    private enum Look: Equatable {
        case counted(WriteCounters)
        case file(FileState)
    }

    private struct FileState: Equatable {
        var device: DeviceNumber
        var inode: UInt64
        var size: Int
        var modified: [Int]
        var changed: [Int]
    }

    private let disk: Disk
    private let use: Use
    private let start: Look

    /// Looks at `disk` for the first time. Takes up to half a second.
    /// - Returns: nil if it is in use in another way than `use`, or the kernel does not say.
    public init?(of disk: Disk, use: Use) {
        self.disk = disk
        self.use = use
        if use == .frozen { DiskStillness.waitForRAID(below: disk) }
        guard let look = DiskStillness.look(at: disk, use) else { return nil }
        start = look
        // Files are dated in ticks of up to 10 ms. What is written in the tick of the last write before does not show,
        // but is over before anything is read.
        if disk.geometry.kind == .imageFile { usleep(20_000) }
    }

    /// Looks at the disk for the second time, and says what was written to it meanwhile; nil if nothing was.
    public func disturbance() -> String? {
        guard let now = DiskStillness.look(at: disk, use) else {
            return "something began to use it"
        }
        guard now != start else { return nil }
        if case .counted(let before) = start, case .counted(let after) = now, after.written > before.written {
            return "\(after.written - before.written) were written to it"
        }
        return "it was written to"
    }

    private static func look(at disk: Disk, _ use: Use) -> Look? {
        switch disk.geometry.kind {
        case .blockDevice:
            guard let device = disk.device, use == .frozen || isUnused(disk) else { return nil }
            // What waits in the page cache is on its way to the disk, and counts.
            fsync(disk.descriptor)
            return WriteCounters(of: device).map(Look.counted)
        case .imageFile:
            return state(ofFile: disk).map(Look.file)
        }
    }

    /// A software RAID notes on its members, some 200 ms after the last write, that all is written.
    private static func waitForRAID(below disk: Disk) {
        guard let device = disk.device, BlockDevices().above(device).keys.contains(where: { $0.major == 9 }) else {
            return
        }
        usleep(400_000)
    }

    /// A path to what is read: the disk's own may lead to something else by now.
    private static func again(_ disk: Disk) -> String { "/proc/self/fd/\(disk.descriptor)" }

    private static func isUnused(_ disk: Disk) -> Bool {
        let descriptor = open(again(disk), O_RDONLY | O_EXCL | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    private static func state(ofFile disk: Disk) -> FileState? {
        let descriptor = open(again(disk), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // The kernel tells of a writer by a signal that would end the program; closing gives the lease back.
        signal(SIGIO, SIG_IGN)
        guard ferry_take_read_lease(descriptor) == 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        return FileState(
            device: DeviceNumber(UInt(status.st_dev)),
            inode: UInt64(status.st_ino),
            size: Int(status.st_size),
            modified: [status.st_mtim.tv_sec, status.st_mtim.tv_nsec],
            changed: [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
        )
    }
}
