internal import CFerryLinux
internal import FerryCore
internal import FerryImage
internal import Glibc

/// The file that a snapshot is written to: it has its name when it is whole and durable, and is gone if it never is.
final class SnapshotFile {
    private let path: String
    private let size: ByteCount
    private let descriptor: Int32
    private var isFinished = false
    private var partial: String { "\(path).partial" }

    /// Makes an empty sparse file of `size`.
    /// - Throws: `FerryError` with `stagingData` if there is something at `path` already.
    init(path: String, size: ByteCount) throws(FerryError) {
        guard access(path, F_OK) != 0 else { throw SnapshotFile.unusable(path, "there is such a file already") }
        let descriptor = open("\(path).partial", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw SnapshotFile.unusable("\(path).partial", String(cString: strerror(errno)))
        }
        self.path = path
        self.size = size
        self.descriptor = descriptor
        guard ftruncate(descriptor, Int(size.bytes)) == 0 else { throw VolumeStorage.failure("size", path, errno) }
    }

    deinit {
        close(descriptor)
        if !isFinished { unlink(partial) }
    }

    /// Shares all blocks of the file at `source`, if the file system can.
    func clone(_ source: String) -> Bool {
        let file = open(source, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return ferry_clone_file(descriptor, file) == 0
    }

    /// Throws unless the file system has room for `content`; a copy may still find it taken by somebody else.
    func checkRoom(for content: ByteCount) throws(FerryError) {
        var status = statvfs()
        guard fstatvfs(descriptor, &status) == 0 else { return }
        let room = ByteCount(UInt64(status.f_bavail) * UInt64(status.f_frsize))
        guard room < content else { return }
        throw FerryError(
            .stagingNoSpace,
            operation: "copy to",
            subject: path,
            cause: "the volume has \(content) of content, and there is room for \(room)",
            advice: "Name a file on a file system with more room; nothing was left behind.",
            retry: .later
        )
    }

    /// Copies the runs of `record` that have content, hashing them on their way; false if one does not agree.
    func take(
        _ record: RegionRecord,
        _ extent: Extent,
        from source: VolumeStorage,
        memory: UnsafeMutableRawBufferPointer
    ) throws(FerryError) -> Bool {
        var start = 0
        for run in record.runs {
            let end = min(start + run.blocks * ImageLayout.blockSize, extent.length.int)
            defer { start = end }
            guard run.kind == .chunk else { continue }
            let bytes = UnsafeMutableRawBufferPointer(rebasing: memory[..<(end - start)])
            let place = extent.start.bytes + UInt64(start)
            try source.read(into: bytes, at: place)
            guard SHA256.digest(of: UnsafeRawBufferPointer(bytes)) == run.digest else { return false }
            try write(UnsafeRawBufferPointer(bytes), at: place)
        }
        return true
    }

    /// Whether the file holds what `record` says.
    func holds(
        _ record: RegionRecord,
        _ extent: Extent,
        memory: UnsafeMutableRawBufferPointer
    ) throws(FerryError) -> Bool {
        let data = ferry_seek_data(descriptor, Int64(extent.start.bytes))
        let isHole = data < 0 ? errno == ENXIO : UInt64(data) >= extent.end.bytes
        if isHole, record.isWithoutContent { return true }
        let bytes = UnsafeMutableRawBufferPointer(rebasing: memory[..<extent.length.int])
        var done = 0
        while done < bytes.count {
            let place = Int(extent.start.bytes) + done
            let count = pread(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, place)
            if count > 0 {
                done += count
            } else if count == 0 || errno != EINTR {
                throw VolumeStorage.failure("read", "\(partial) at byte \(place)", count == 0 ? EIO : errno)
            }
        }
        return record.differences(from: UnsafeRawBufferPointer(bytes), length: bytes.count).isEmpty
    }

    /// Makes the file durable and gives it its name.
    func finish() throws(FerryError) {
        guard fsync(descriptor) == 0 else { throw VolumeStorage.failure("synchronize", partial, errno) }
        guard access(path, F_OK) != 0 else { throw SnapshotFile.unusable(path, "there is such a file already") }
        guard rename(partial, path) == 0 else { throw SnapshotFile.unusable(path, String(cString: strerror(errno))) }
        isFinished = true
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let directory = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }

    private func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FerryError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                descriptor,
                bytes.baseAddress?.advanced(by: done),
                bytes.count - done,
                Int(offset) + done
            )
            if count >= 0 {
                done += count
            } else if errno == ENOSPC || errno == EDQUOT {
                throw FerryError(
                    .stagingNoSpace,
                    operation: "copy to",
                    subject: path,
                    cause: String(cString: strerror(errno)),
                    advice: "Name a file on a file system with more room; nothing was left behind.",
                    retry: .later
                )
            } else if errno != EINTR {
                throw VolumeStorage.failure("write", partial, errno)
            }
        }
    }

    private static func unusable(_ path: String, _ cause: String) -> FerryError {
        FerryError(
            .stagingData,
            operation: "write a snapshot to",
            subject: path,
            cause: cause,
            advice: "Name another file with --out; nothing is ever overwritten."
        )
    }
}
