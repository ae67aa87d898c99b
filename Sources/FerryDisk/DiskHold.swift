internal import CFerryLinux
internal import FerryCore
internal import Glibc

/// Shows that nobody writes to a disk for as long as it is held, so that what is read meanwhile is of one moment.
///
/// A block device is opened exclusively: the kernel refuses that while a file system on it is mounted or anything else
/// in the kernel uses it, and refuses a mount while it is held. On an image file a read lease is taken, which the
/// kernel grants only while no process has the file open for writing, and which is gone once one has.
/// (open(2), `O_EXCL`; fcntl(2), `F_SETLEASE`.)
public final class DiskHold: Sendable {
    private let descriptor: Int32
    private let isLease: Bool

    /// Holds `disk`; nil if somebody may be writing to it, or the kernel does not say.
    public init?(_ disk: Disk) {
        switch disk.geometry.kind {
        case .blockDevice:
            descriptor = open(disk.name, O_RDONLY | O_EXCL | O_CLOEXEC)
            isLease = false
            if descriptor < 0 { return nil }
        case .imageFile:
            descriptor = open(disk.name, O_RDONLY | O_CLOEXEC)
            isLease = true
            guard descriptor >= 0 else { return nil }
            // The kernel tells of a writer by a signal that would end the program; the lease is asked instead.
            signal(SIGIO, SIG_IGN)
            if ferry_take_read_lease(descriptor) != 0 {
                close(descriptor)
                return nil
            }
        }
    }

    deinit { close(descriptor) }

    /// Whether nobody has begun to write since.
    public var isHeld: Bool { !isLease || ferry_has_read_lease(descriptor) != 0 }
}
