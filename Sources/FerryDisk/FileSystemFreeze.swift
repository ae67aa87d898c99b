internal import CFerryLinux
public import FerryCore
internal import Glibc
internal import Synchronization

/// Keeps file systems frozen (`FIFREEZE`): every write to them waits, and what is on the disk is consistent.
///
/// A writer to a frozen file system hangs and cannot be killed; this process must not write to one either. So a second
/// process watches over the freeze, and thaws when the time limit is reached, or when this process is gone, however it
/// went.
public final class FileSystemFreeze: Sendable {
    /// What is frozen, in the order it will be thawed.
    public let fileSystems: [MountedFileSystem]
    /// What cannot be frozen (vfat, as an EFI system partition is): all that was written before is on the disk, and
    /// nothing keeps others from writing more.
    public let notFrozen: [MountedFileSystem]

    /// What is held while the freeze lasts; nil once thawed.
    private let held: Mutex<Held?>
    private let limit: Duration

    /// Freezes `fileSystems`, the last first. If one cannot be frozen, those already frozen are thawed.
    ///
    /// File systems that are mounted read-only are left alone. Freezing brings what waits in memory to the disk, and
    /// everybody waits for that: `writeBack` before leaves it little to do.
    /// - Parameters:
    ///   - fileSystems: What to freeze, in the order of `MountTable.fileSystems(on:)`; at most 64.
    ///   - limit: The longest the freeze may last, counted from its beginning, at least 100 milliseconds. The watching
    ///     process thaws then.
    /// - Throws: `FerryError` with `ErrorCode.freezeFailed` if the kernel refuses.
    public init(of fileSystems: [MountedFileSystem], for limit: Duration) throws(FerryError) {
        let writable = fileSystems.filter { !$0.isReadOnly }
        let (seconds, attoseconds) = limit.components
        let milliseconds = max(100, min(seconds, 86_400) * 1000 + attoseconds / 1_000_000_000_000_000)

        var descriptors: [Int32] = []
        var frozen: [MountedFileSystem] = []
        var notFrozen: [MountedFileSystem] = []
        var handle: OpaquePointer?
        do throws(FerryError) {
            for fileSystem in writable { descriptors.append(try FileSystemFreeze.open(fileSystem)) }
            handle = ferry_freeze_start(descriptors, Int32(descriptors.count), milliseconds)
            guard let handle else { throw FileSystemFreeze.failed("the watching process", errno) }
            for index in writable.indices.reversed() {
                if ferry_freeze_one(handle, Int32(index)) == 0 {
                    frozen.insert(writable[index], at: 0)
                } else if errno == EOPNOTSUPP || errno == ENOTTY {
                    _ = ferry_freeze_write_back(descriptors[index])
                    notFrozen.insert(writable[index], at: 0)
                } else {
                    throw FileSystemFreeze.failed(writable[index].mountPoint, errno)
                }
            }
        } catch {
            if let handle { _ = ferry_freeze_end(handle) }
            descriptors.forEach { close($0) }
            throw error
        }
        self.fileSystems = frozen
        self.notFrozen = notFrozen
        self.limit = limit
        held = Mutex(handle.map { Held(handle: $0, descriptors: descriptors) })
    }

    /// Brings what waits in memory of `fileSystems` to the disk. Can take minutes, and keeps nobody waiting. What cannot be
    /// reached is left to the freeze, which says why.
    public static func writeBack(_ fileSystems: [MountedFileSystem]) {
        for fileSystem in fileSystems where !fileSystem.isReadOnly {
            guard let descriptor = try? open(fileSystem) else { continue }
            _ = ferry_freeze_write_back(descriptor)
            close(descriptor)
        }
    }

    deinit { held.withLock { _ = $0.take()?.end() } }

    /// The handle of the C side, and the open mount points, which keep their owner from unmounting.
    private struct Held {
        var handle: OpaquePointer
        var descriptors: [Int32]

        /// Thaws; the result is that of `ferry_freeze_end`, and its error number.
        func end() -> (result: Int32, number: Int32) {
            let result = ferry_freeze_end(handle)
            let number = errno
            descriptors.forEach { close($0) }
            return (result, number)
        }
    }

    /// Thaws the file systems, the first first. Does nothing the second time.
    /// - Throws: `FerryError` with `ErrorCode.freezeExpired` if the freeze had ended before, so that what was read
    ///   meanwhile is not consistent.
    public func thaw() throws(FerryError) {
        let (result, number) = held.withLock { $0.take()?.end() } ?? (0, 0)
        if result == 0 { return }
        let names = fileSystems.map(\.mountPoint).joined(separator: ", ")
        guard result > 0 else {
            throw FerryError(
                .freezeFailed,
                operation: "thaw",
                subject: names,
                cause: SystemError.text(number),
                advice: "Run `fsfreeze --unfreeze` for each of them."
            )
        }
        throw FerryError(
            .freezeExpired,
            operation: "keep frozen",
            subject: names,
            cause: "the freeze ended before the work was done; its limit was \(limit)",
            advice: "Let the pass before it come closer to the end, or allow a longer freeze.",
            retry: .later
        )
    }

    /// Whether the freeze still lasts.
    public var isHeld: Bool { held.withLock { held in held.map { ferry_freeze_is_held($0.handle) != 0 } ?? false } }

    /// The process that watches over the freeze; nil once thawed.
    var watchdog: Int32? { held.withLock { held in held.map { ferry_freeze_watchdog($0.handle) } } }

    private static func open(_ fileSystem: MountedFileSystem) throws(FerryError) -> Int32 {
        let descriptor = Glibc.open(fileSystem.reachablePath, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failed(fileSystem.mountPoint, errno) }
        var status = stat()
        let isSame = fstat(descriptor, &status) == 0 && DeviceNumber(UInt(status.st_dev)) == fileSystem.device
        // Btrfs mounts have device numbers of their own.
        guard isSame || fileSystem.type == "btrfs" else {
            close(descriptor)
            throw failed(fileSystem.mountPoint, ESTALE)
        }
        return descriptor
    }

    private static func failed(_ subject: String, _ number: Int32) -> FerryError {
        let advice =
            switch number {
            case EPERM, EACCES: "Freezing needs root."
            case EBUSY: "Another program has frozen it; wait until it is done."
            case ETIME: "Allow a longer freeze."
            default: "Go on without freezing, and the generation will be fuzzy."
            }
        return FerryError(
            .freezeFailed,
            operation: "freeze",
            subject: subject,
            cause: SystemError.text(number),
            advice: advice,
            retry: number == EBUSY || number == ETIME ? .later : .permanent
        )
    }
}
