internal import CFerryLinux
public import FerryCore
internal import Glibc
internal import Synchronization

/// Where the bytes of a volume lie: a sparse file or a block device.
///
/// @unchecked Sendable: holds descriptors that any thread may read and write at, and nothing that changes.
public final class VolumeStorage: @unchecked Sendable {
    private let descriptor: Int32
    /// Reads past the page cache; negative where the file system cannot.
    private let direct: Int32
    /// The path of the file or the device.
    public let path: String
    /// The volume's size.
    public let size: ByteCount
    /// Whether it is a block device.
    public let isDevice: Bool

    /// Opens the file or device at `path`, or makes a sparse file of `size` if there is none.
    /// - Parameter readOnly: opens without the right to write, and makes nothing.
    /// - Throws: `FerryError` with `volumeFailed`, `volumeMismatch` or `stagingNoSpace`.
    public init(path: String, size: ByteCount, readOnly: Bool = false) throws(FerryError) {
        let flags = readOnly ? O_RDONLY | O_CLOEXEC : O_RDWR | O_CLOEXEC
        var descriptor = open(path, flags)
        var isNew = false
        if descriptor < 0, errno == ENOENT, !readOnly {
            descriptor = open(path, flags | O_CREAT | O_EXCL, 0o600)
            isNew = true
        }
        guard descriptor >= 0 else { throw VolumeStorage.failure("open", path, errno) }
        self.descriptor = descriptor
        direct = ferry_open_direct(path)
        self.path = path
        self.size = size
        var status = stat()
        fstat(descriptor, &status)
        isDevice = status.st_mode & S_IFMT == S_IFBLK
        if isDevice {
            let end = lseek(descriptor, 0, SEEK_END)
            guard end >= 0, UInt64(end) >= size.bytes else {
                throw VolumeStorage.mismatch(path, "it has \(ByteCount(UInt64(max(0, end)))), the disk has \(size)")
            }
        } else if isNew {
            guard ftruncate(descriptor, Int(size.bytes)) == 0 else {
                throw VolumeStorage.failure("size", path, errno)
            }
        } else if UInt64(status.st_size) != size.bytes {
            throw VolumeStorage.mismatch(path, "it has \(ByteCount(UInt64(status.st_size))), the disk has \(size)")
        }
    }

    deinit {
        if direct >= 0 { close(direct) }
        close(descriptor)
    }

    /// Fills `buffer` from `offset`.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FerryError) {
        try read(descriptor, into: buffer, at: offset)
    }

    /// Fills `buffer` from `offset` with what the storage holds, whatever the page cache has of it, as far as the file
    /// system lets one. All that was written must be on stable storage.
    /// - Parameter buffer: aligned to 4 KiB.
    public func readStorage(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FerryError) {
        let whole = direct >= 0 && offset % 4096 == 0 ? buffer.count / 4096 * 4096 : 0
        var done = 0
        while done < whole {
            let count = pread(direct, buffer.baseAddress?.advanced(by: done), whole - done, Int(offset) + done)
            // Where it may not be read so, or only in longer units, the cache is emptied before it is read.
            guard count > 0, count % 4096 == 0 else { break }
            done += count
        }
        guard done < buffer.count else { return }
        forgetCached(Extent(start: ByteCount(offset) + ByteCount(done), length: ByteCount(buffer.count - done)))
        try read(
            descriptor,
            into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]),
            at: offset + UInt64(done)
        )
    }

    private func read(
        _ descriptor: Int32,
        into buffer: UnsafeMutableRawBufferPointer,
        at offset: UInt64
    ) throws(FerryError) {
        var done = 0
        while done < buffer.count {
            let count = pread(
                descriptor,
                buffer.baseAddress?.advanced(by: done),
                buffer.count - done,
                Int(offset) + done
            )
            if count > 0 {
                done += count
            } else if count == 0 || errno != EINTR {
                throw VolumeStorage.failure("read", "\(path) at byte \(Int(offset) + done)", count == 0 ? EIO : errno)
            }
        }
    }

    /// Writes `buffer` at `offset`.
    public func write(_ buffer: UnsafeRawBufferPointer, at offset: UInt64) throws(FerryError) {
        var done = 0
        while done < buffer.count {
            let count = pwrite(
                descriptor,
                buffer.baseAddress?.advanced(by: done),
                buffer.count - done,
                Int(offset) + done
            )
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw VolumeStorage.failure("write", "\(path) at byte \(Int(offset) + done)", errno)
            }
        }
    }

    /// Gives the file at `path` another size; a device has the one it has.
    static func resize(path: String, to size: ByteCount) throws(FerryError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        guard truncate(path, Int(size.bytes)) == 0 else { throw failure("resize", path, errno) }
    }

    /// Makes `extent` read as zeros, giving its space back where the file system can.
    public func clear(_ extent: Extent) throws(FerryError) {
        guard !extent.isEmpty else { return }
        if ferry_punch_hole(descriptor, Int64(extent.start.bytes), Int64(extent.length.bytes)) == 0 { return }
        guard errno == EOPNOTSUPP || errno == ENODEV || errno == EINVAL else {
            throw VolumeStorage.failure("clear", "\(path) at byte \(extent.start.bytes)", errno)
        }
        let zeros = UnsafeMutableRawBufferPointer.allocate(byteCount: min(1 << 20, extent.length.int), alignment: 4096)
        defer { zeros.deallocate() }
        zeros.initializeMemory(as: UInt8.self, repeating: 0)
        var offset = extent.start.bytes
        while offset < extent.end.bytes {
            let length = min(zeros.count, Int(extent.end.bytes - offset))
            try write(UnsafeRawBufferPointer(rebasing: zeros[..<length]), at: offset)
            offset += UInt64(length)
        }
    }

    /// Where the next bytes begin that may be something else than zero, from `offset`; nil if there are none. On a device
    /// they begin at once.
    func nextDataStart(from offset: UInt64) -> UInt64? {
        guard offset < size.bytes else { return nil }
        if isDevice { return offset }
        let start = ferry_seek_data(descriptor, Int64(offset))
        if start < 0 { return errno == ENXIO ? nil : offset }
        return UInt64(start)
    }

    /// Returns when all that was written is on stable storage.
    public func synchronize() throws(FerryError) {
        guard fdatasync(descriptor) == 0 else { throw VolumeStorage.failure("synchronize", path, errno) }
    }

    /// Returns when the names in `folder` are on stable storage.
    static func synchronize(folder: String) throws(FerryError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("synchronize", folder, errno) }
    }

    /// Lets the page cache forget what it holds of `extent`, so that reading it reads the storage. What is not on
    /// stable storage yet stays.
    private func forgetCached(_ extent: Extent) {
        posix_fadvise(descriptor, Int(extent.start.bytes), Int(extent.length.bytes), POSIX_FADV_DONTNEED)
    }

    /// Bytes of storage that the file takes.
    public var allocated: ByteCount {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .zero }
        return isDevice ? size : ByteCount(UInt64(status.st_blocks) * 512)
    }

    private static func mismatch(_ path: String, _ cause: String) -> FerryError {
        FerryError(
            .volumeMismatch,
            operation: "use",
            subject: "the volume \(path)",
            cause: cause,
            advice: "Use another job or disk name, or a device that is large enough."
        )
    }

    static func failure(_ operation: String, _ subject: String, _ number: Int32) -> FerryError {
        let isFull = number == ENOSPC || number == EDQUOT
        return FerryError(
            isFull ? .stagingNoSpace : .volumeFailed,
            operation: operation,
            subject: "the volume \(subject)",
            cause: String(cString: strerror(number)),
            advice: isFull
                ? "Free space under the data directory; agents wait and go on by themselves."
                : "Check the staging server's disk.",
            retry: isFull ? .later : .permanent
        )
    }
}
