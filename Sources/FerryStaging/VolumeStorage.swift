internal import CFerryLinux
public import FerryCore
internal import Glibc
internal import Synchronization

/// Where the bytes of a volume lie: a sparse file or a block device.
public final class VolumeStorage: Sendable {
    /// What opening may do.
    enum Access {
        /// Makes a sparse file where there is none.
        case make
        /// Opens a block device to hold a new volume.
        case takeDevice
        /// Opens what holds a volume already.
        case write
        /// The same, without the right to write.
        case read
    }

    private let descriptor: Int32
    /// Reads past the page cache; negative where the file system cannot.
    private let direct: Int32
    /// The path of the file or the device.
    public let path: String
    /// The volume's size.
    public let size: ByteCount
    /// Whether it is a block device.
    public let isDevice: Bool
    /// What makes the block device this device; nil for a file, and where nothing is known.
    let deviceIdentity: String?

    /// Opens the file or device at `path`.
    /// - Throws: `FerryError` with `volumeMissing`, `volumeFailed`, `volumeMismatch` or `stagingNoSpace`.
    init(path: String, size: ByteCount, _ access: Access) throws(FerryError) {
        descriptor = try VolumeStorage.descriptor(path, access)
        let direct = ferry_open_direct(path)
        self.direct = direct
        let directError = errno
        self.path = path
        self.size = size
        var status = stat()
        fstat(descriptor, &status)
        isDevice = status.st_mode & S_IFMT == S_IFBLK
        deviceIdentity = isDevice ? DeviceIdentity.of(device: status.st_rdev) : nil
        guard direct >= 0 || VolumeStorage.forbidsDirect(directError) else {
            throw VolumeStorage.failure("open", path, directError)
        }
        if isDevice {
            try checkDevice(holds: size)
        } else if access == .takeDevice {
            throw VolumeStorage.mismatch(path, "it is not a block device")
        } else if access == .make {
            try setLength()
        } else if UInt64(status.st_size) < size.bytes {
            throw VolumeStorage.mismatch(path, "it has \(ByteCount(UInt64(status.st_size))), and should have \(size)")
        } else if UInt64(status.st_size) > size.bytes, access == .write {
            // A server that ends while a volume is made smaller leaves it too long.
            try setLength()
        }
    }

    /// The same file or device for a disk that has another size now.
    /// - Throws: `FerryError` with `volumeMismatch` if a device is too small, or `volumeFailed`.
    init(_ other: VolumeStorage, size: ByteCount) throws(FerryError) {
        // A device that is open may not be opened a second time, but it may have a second descriptor.
        descriptor = fcntl(other.descriptor, F_DUPFD_CLOEXEC, 0)
        let number = errno
        direct = other.direct < 0 ? -1 : fcntl(other.direct, F_DUPFD_CLOEXEC, 0)
        path = other.path
        self.size = size
        isDevice = other.isDevice
        deviceIdentity = other.deviceIdentity
        guard descriptor >= 0, direct >= 0 || other.direct < 0 else {
            throw VolumeStorage.failure("open", path, descriptor < 0 ? number : errno)
        }
        if isDevice { try checkDevice(holds: size) }
    }

    deinit {
        if direct >= 0 { close(direct) }
        if descriptor >= 0 { close(descriptor) }
    }

    private static func descriptor(_ path: String, _ access: Access) throws(FerryError) -> Int32 {
        var status = stat()
        let isDevice = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFBLK
        let flags =
            switch access {
            case .make: O_RDWR | O_CREAT | O_EXCL
            // For a block device: nobody has it mounted or uses it otherwise, nor will.
            case .takeDevice, .write: isDevice ? O_RDWR | O_EXCL : O_RDWR
            case .read: O_RDONLY
            }
        let descriptor = open(path, flags | O_CLOEXEC, 0o600)
        if descriptor >= 0 { return descriptor }
        let number = errno
        if number == ENOENT, access != .make { throw missing(path) }
        if number == EBUSY, isDevice { throw busy(path) }
        throw failure("open", path, number)
    }

    private func checkDevice(holds size: ByteCount) throws(FerryError) {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0, UInt64(end) >= size.bytes else {
            throw VolumeStorage.mismatch(path, "it has \(ByteCount(UInt64(max(0, end)))), the disk has \(size)")
        }
    }

    /// Gives a file the volume's size, for good; a device has the one it has.
    func setLength() throws(FerryError) {
        guard !isDevice else { return }
        guard ftruncate(descriptor, Int(size.bytes)) == 0 else { throw VolumeStorage.failure("size", path, errno) }
        guard fsync(descriptor) == 0 else { throw VolumeStorage.failure("synchronize", path, errno) }
    }

    /// Whether an error says that bytes cannot be read past the page cache, rather than that they cannot be read.
    static func forbidsDirect(_ number: Int32) -> Bool { number == EINVAL || number == EOPNOTSUPP }

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
            if count < 0, errno == EINTR { continue }
            guard count >= 0 || VolumeStorage.forbidsDirect(errno) else {
                throw VolumeStorage.failure("read", "\(path) at byte \(Int(offset) + done)", errno)
            }
            // Where it may not be read so, or only in longer units, or the file ends within one, the cache is emptied
            // before it is read.
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

    private static func missing(_ path: String) -> FerryError {
        FerryError(
            .volumeMissing,
            operation: "open",
            subject: "the volume \(path)",
            cause: "there is nothing of that name",
            advice:
                "Mount what it lies on, attach the device, or put the file back; agents wait and go on by themselves. "
                + "If it is lost, use another job or disk name: everything is sent again.",
            retry: .later
        )
    }

    private static func busy(_ path: String) -> FerryError {
        FerryError(
            .volumeFailed,
            operation: "open",
            subject: "the volume \(path)",
            cause: "the device is mounted, or something else on this machine uses it",
            advice: "Unmount it, or name the right device with --volume; agents wait and go on by themselves.",
            retry: .later
        )
    }

    static func failure(_ operation: String, _ subject: String, _ number: Int32) -> FerryError {
        let isFull = number == ENOSPC || number == EDQUOT
        let hasNoDescriptor = number == EMFILE || number == ENFILE
        let advice =
            if isFull {
                "Free space under the data directory; agents wait and go on by themselves."
            } else if hasNoDescriptor {
                "Let the server have more open files (LimitNOFILE=, ulimit -n); agents wait and go on by themselves."
            } else {
                "Check the staging server's disk."
            }
        return FerryError(
            isFull ? .stagingNoSpace : .volumeFailed,
            operation: operation,
            subject: "the volume \(subject)",
            cause: String(cString: strerror(number)),
            advice: advice,
            retry: isFull || hasNoDescriptor ? .later : .permanent
        )
    }
}
