internal import FerryCore
internal import Glibc

/// Whether the data directory can be written to, and how much more would fit.
struct DataDirectoryState: Sendable {
    /// Bytes that Ferry may still use.
    var freeBytes: UInt64?
    /// Bytes of the file system.
    var sizeBytes: UInt64?
    /// Seconds since the last checkpoint; nil if there was none since the server started.
    var checkpointAge: Double?
    /// What keeps agents from being served; nil if nothing does.
    var trouble: FerryError?

    /// Looks at the data directory of `store`, and tries to write there unless `trials` did just now.
    init(_ store: StagingStore, _ trials: WriteTrials) {
        var space = statvfs()
        if statvfs(store.directory, &space) == 0 {
            freeBytes = UInt64(space.f_bavail) * UInt64(space.f_frsize)
            sizeBytes = UInt64(space.f_blocks) * UInt64(space.f_frsize)
        }
        let checkpoints = store.checkpointHistory
        checkpointAge = checkpoints.last.map { (ContinuousClock.now - $0) / .seconds(1) }
        trouble = trials.trouble { DataDirectoryState.trial(store.directory) }
        if trouble == nil, checkpoints.failuresInARow > 0 {
            trouble = FerryError(
                .stagingIndex,
                operation: "make",
                subject: "a checkpoint",
                cause: "the last \(checkpoints.failuresInARow) failed",
                advice: "See the server's log. Agents wait and go on by themselves.",
                retry: .later
            )
        }
    }

    /// Writes a file and takes it away again; nil if that works.
    private static func trial(_ directory: String) -> FerryError? {
        let path = "\(directory)/.write-trial"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { return failure(directory, errno) }
        defer {
            close(file)
            unlink(path)
        }
        let bytes = [UInt8](repeating: 0x46, count: 4096)
        let written = write(file, bytes, bytes.count)
        guard written == bytes.count else { return failure(directory, written < 0 ? errno : ENOSPC) }
        return nil
    }

    private static func failure(_ directory: String, _ number: Int32) -> FerryError {
        let isFull = number == ENOSPC || number == EDQUOT
        return FerryError(
            isFull ? .stagingNoSpace : .stagingData,
            operation: "write to",
            subject: "the data directory",
            cause: String(cString: strerror(number)),
            advice: isFull
                ? "Free space under it; agents wait and go on by themselves."
                : "See that it is there, mounted and writable; agents wait and go on by themselves.",
            retry: .later
        )
    }
}
