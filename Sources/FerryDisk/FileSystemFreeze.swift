public import FerryCore

/// Keeps file systems frozen (`FIFREEZE`): every write to them waits, and what is on the disk is consistent.
///
/// A writer to a frozen file system hangs and cannot be killed. So a second process watches over the freeze, and thaws
/// when the time limit is reached, or when this process is gone, however it went.
public final class FileSystemFreeze: Sendable {
    /// What was frozen, in the order it was frozen.
    public let fileSystems: [MountedFileSystem]

    /// Freezes `fileSystems`, the last mounted first. If one cannot be frozen, those already frozen are thawed.
    ///
    /// File systems that cannot be written (mounted read-only) are left alone.
    /// - Parameters:
    ///   - fileSystems: What to freeze.
    ///   - limit: The longest the freeze may last, at least one second. The watching process thaws then.
    ///   - paths: Files and directories this process writes while the freeze lasts: state, logs, standard error.
    /// - Throws: `FerryError` with `ErrorCode.freezeWouldHang` if one of `paths` is on one of `fileSystems`, and
    ///   `ErrorCode.freezeFailed` if the kernel refuses.
    public init(
        of fileSystems: [MountedFileSystem],
        for limit: Duration,
        whileWriting paths: [String]
    ) throws(FerryError) {
        throw FerryError(.freezeFailed, operation: "freeze", subject: "", cause: "not built", advice: "")
    }

    /// Those of `paths` that are on one of `fileSystems`, so that writing them during a freeze would hang.
    ///
    /// A path that does not exist yet stands for the nearest directory above it that does.
    public static func paths(_ paths: [String], on fileSystems: [MountedFileSystem]) -> [String] { [] }

    /// Thaws the file systems, the first mounted first.
    /// - Throws: `FerryError` with `ErrorCode.freezeExpired` if the freeze had ended before, so that what was read
    ///   meanwhile is not consistent.
    public func thaw() throws(FerryError) {}

    /// Whether the freeze still lasts.
    public var isHeld: Bool { false }
}
