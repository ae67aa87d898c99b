internal import CFerryLinux
public import FerryCore
internal import Glibc

/// A block device or an image file, opened for reading only. It is closed when the last reference is gone.
public final class Disk: DiskReader {
    /// How the kernel's page cache is used.
    public enum Access: Sendable {
        /// Past the cache, straight from the device (`O_DIRECT`): what is read is what is on the disk, also below a
        /// mounted file system, whose writes do not pass through the device's own cache. Falls back to
        /// `.droppedAfterUse` where the kernel refuses.
        case direct
        /// Through the cache, and what was read is dropped from it again, so that the source server's own working set
        /// stays.
        case droppedAfterUse
        /// Through the cache.
        case cached
    }

    /// The size and the units, as they were when the disk was opened.
    public let geometry: DiskGeometry
    /// The path the disk was opened by.
    public let name: String
    /// The device's number; nil for an image file.
    public let device: DeviceNumber?
    /// How the page cache is used, after any fallback.
    public let access: Access

    let descriptor: Int32
    /// What direct reads must be aligned to, in memory and on the disk.
    private let alignment: Int

    /// Opens the disk at `path`.
    /// - Parameters:
    ///   - path: A block device or a regular file.
    ///   - access: How the page cache is used; by default direct for a block device, dropped after use for a file.
    /// - Throws: `FerryError` with one of the codes `disk.*`.
    public init(path: String, access: Access? = nil) throws(FerryError) {
        // Looking first: opening a tape rewinds it, and opening a pipe waits.
        let kind = try Disk.kind(path)
        let wanted = access ?? (kind == .blockDevice ? .direct : .droppedAfterUse)
        var granted = wanted
        var descriptor: Int32 = -1
        if wanted == .direct {
            descriptor = ferry_open_direct(path)
            if descriptor >= 0, !Disk.readsDirectly(descriptor) {
                close(descriptor)
                descriptor = -1
            }
            if descriptor < 0 { granted = .droppedAfterUse }
        }
        if descriptor < 0 { descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { throw Disk.openError(path, errno) }
        do throws(FerryError) {
            (geometry, device) = try Disk.geometry(of: descriptor, path, expecting: kind)
        } catch {
            close(descriptor)
            throw error
        }
        name = path
        self.access = granted
        self.descriptor = descriptor
        alignment = max(512, geometry.logicalBlockSize.int)
        if granted == .droppedAfterUse { posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
    }

    deinit { close(descriptor) }

    /// Fills the whole of `buffer` with the bytes at `offset`.
    ///
    /// Direct reads are fastest if the buffer's address, its length and the offset are multiples of 4096; others pass
    /// through a buffer of their own.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: ByteCount) throws(FerryError) {
        guard let base = buffer.baseAddress else { return }
        guard buffer.count <= geometry.size.bytes, offset.bytes <= geometry.size.bytes - UInt64(buffer.count) else {
            throw failure(.diskChangedSize, at: offset, "the disk is only \(geometry.size) long", .permanent)
        }
        if access == .direct,
            UInt(bitPattern: base) % UInt(alignment) != 0 || buffer.count % alignment != 0
                || offset.bytes % UInt64(alignment) != 0
        {
            try readThroughAlignedBuffer(into: buffer, at: offset)
        } else {
            try readFully(into: buffer, atLeast: buffer.count, at: offset)
        }
        if access == .droppedAfterUse {
            posix_fadvise(descriptor, off_t(offset.bytes), off_t(buffer.count), POSIX_FADV_DONTNEED)
        }
    }

    /// The size now, to notice a disk that grows or shrinks while it is read.
    /// - Throws: `FerryError` with `ErrorCode.diskGone` if the device has been removed.
    public func currentSize() throws(FerryError) -> ByteCount {
        guard let size = Disk.size(of: descriptor, geometry.kind) else {
            throw failure(.diskGone, at: .zero, SystemError.text(errno), .permanent)
        }
        return size
    }

    /// Forgets what the page cache holds of the disk, so that later reads see what is on the disk. For the start of a
    /// pass. Best effort; not needed with `.direct`.
    public func discardCache() {
        guard access != .direct else { return }
        if geometry.kind == .blockDevice { _ = ferry_block_flush_cache(descriptor) }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
    }

    private func readThroughAlignedBuffer(
        into buffer: UnsafeMutableRawBufferPointer,
        at offset: ByteCount
    ) throws(FerryError) {
        let largest = 1 << 20
        let unit = UInt64(alignment)
        let first = offset.bytes / unit * unit
        let span = Int((offset.bytes + UInt64(buffer.count) - first + unit - 1) / unit * unit)
        let aligned = UnsafeMutableRawBufferPointer.allocate(byteCount: min(span, largest), alignment: 4096)
        defer { aligned.deallocate() }
        var done = 0
        while done < buffer.count {
            let position = offset.bytes + UInt64(done)
            let start = position / unit * unit
            let skipped = Int(position - start)
            let wanted = min(buffer.count - done, aligned.count - skipped)
            let length = (skipped + wanted + alignment - 1) / alignment * alignment
            let part = UnsafeMutableRawBufferPointer(rebasing: aligned[..<length])
            try readFully(into: part, atLeast: skipped + wanted, at: ByteCount(start))
            UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: part[skipped..<(skipped + wanted)]))
            done += wanted
        }
    }

    /// Reads until at least `enough` bytes are there; the rest of an aligned buffer may lie beyond the disk's end.
    private func readFully(
        into buffer: UnsafeMutableRawBufferPointer,
        atLeast enough: Int,
        at offset: ByteCount
    ) throws(FerryError) {
        guard let base = buffer.baseAddress else { return }
        var done = 0
        while done < enough {
            let result = pread(descriptor, base + done, buffer.count - done, off_t(offset.bytes) + off_t(done))
            if result > 0 {
                done += result
            } else if result == 0 {
                throw endedEarly(at: offset + ByteCount(done))
            } else if errno != EINTR {
                throw readError(errno, at: offset + ByteCount(done))
            }
        }
    }

    private func endedEarly(at offset: ByteCount) -> FerryError {
        let now = Disk.size(of: descriptor, geometry.kind) ?? .zero
        if now == .zero { return failure(.diskGone, at: offset, "the device has been removed", .permanent) }
        return failure(.diskChangedSize, at: offset, "the disk was \(geometry.size) long and is now \(now)", .permanent)
    }

    private func readError(_ number: Int32, at offset: ByteCount) -> FerryError {
        let isGone = number == ENXIO || number == ENODEV || Disk.size(of: descriptor, geometry.kind) == .zero
        return failure(isGone ? .diskGone : .diskReadFailed, at: offset, SystemError.text(number), .later)
    }

    private func failure(
        _ code: ErrorCode,
        at offset: ByteCount,
        _ cause: String,
        _ retry: RetryAdvice
    ) -> FerryError {
        let advice =
            switch code {
            case .diskGone: "Attach the disk again, and start the job again."
            case .diskChangedSize: "Start the job again, so that it learns the new size."
            default: "Look at the kernel's log for errors of this disk, and make a backup of it soon."
            }
        return FerryError(
            code,
            operation: "read the disk",
            subject: "\(name) at byte \(offset.bytes)",
            cause: cause,
            advice: advice,
            retry: retry
        )
    }
}
