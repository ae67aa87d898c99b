public import FerryCore

extension ErrorCode {
    /// There is nothing at the path.
    public static let diskNotFound = ErrorCode("disk.not-found", .input)
    /// The path may not be opened for reading.
    public static let diskPermissionDenied = ErrorCode("disk.permission-denied", .input)
    /// The path is neither a block device nor a regular file.
    public static let diskNotADisk = ErrorCode("disk.not-a-disk", .input)
    /// The disk has no bytes.
    public static let diskEmpty = ErrorCode("disk.empty", .input)
    /// The disk is smaller than one 4 KiB block.
    public static let diskTooSmall = ErrorCode("disk.too-small", .input)
    /// The disk could not be opened for another reason.
    public static let diskOpenFailed = ErrorCode("disk.open-failed", .failure)
    /// Bytes of the disk could not be read.
    public static let diskReadFailed = ErrorCode("disk.read-failed", .failure)
    /// The device has been removed.
    public static let diskGone = ErrorCode("disk.gone", .failure)
    /// The disk has grown or shrunk since it was opened.
    public static let diskChangedSize = ErrorCode("disk.changed-size", .failure)
    /// The path leads to another disk than it did before.
    public static let diskSwapped = ErrorCode("disk.swapped", .input)
    /// A file system's own record of its free space cannot be trusted.
    public static let diskBadUsageMap = ErrorCode("disk.bad-usage-map", .failure)
    /// A file system could not be frozen.
    public static let freezeFailed = ErrorCode("freeze.failed", .failure)
    /// The freeze ended before it was asked to, at its time limit.
    public static let freezeExpired = ErrorCode("freeze.expired", .failure)
}
