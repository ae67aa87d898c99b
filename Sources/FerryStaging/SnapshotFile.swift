internal import CFerryLinux
internal import FerryCore
internal import FerryImage
internal import Glibc

/// The content of a generation on its way into a file, where each chunk of it is compared with its name.
final class SnapshotFile {
    private let file: NewFile
    private let size: ByteCount

    /// Makes the empty `file` a sparse one of `size`.
    init(_ file: NewFile, size: ByteCount) throws(FerryError) {
        self.file = file
        self.size = size
        try setSize()
    }

    private func setSize() throws(FerryError) {
        guard ftruncate(file.descriptor, Int(size.bytes)) == 0 else { throw NewFile.failure("size", file.path, errno) }
    }

    /// Shares all blocks of the file at `source`, if the file system can.
    func clone(_ source: String) throws(FerryError) -> Bool {
        let original = open(source, O_RDONLY | O_CLOEXEC)
        guard original >= 0 else { return false }
        defer { close(original) }
        guard ferry_clone_file(file.descriptor, original) == 0 else { return false }
        // A volume that was being made smaller when the server ended is still longer than its disk.
        try setSize()
        return true
    }

    /// Throws unless the file system has room for `need` more; what is written may still find it taken by somebody else.
    /// - Parameter purpose: what it is needed for, as in "there is room for 1 GiB, and … takes up to 2 GiB".
    func checkRoom(for need: ByteCount, _ purpose: String) throws(FerryError) {
        var status = statvfs()
        guard fstatvfs(file.descriptor, &status) == 0 else { return }
        let room = ByteCount(UInt64(status.f_bavail) * UInt64(status.f_frsize))
        guard room < need else { return }
        throw FerryError(
            .stagingNoSpace,
            operation: "write",
            subject: file.path,
            cause: "there is room for \(room), and \(purpose) takes up to \(need)",
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
        let data = ferry_seek_data(file.descriptor, Int64(extent.start.bytes))
        let isHole = data < 0 ? errno == ENXIO : UInt64(data) >= extent.end.bytes
        if isHole, record.isWithoutContent { return true }
        let bytes = UnsafeMutableRawBufferPointer(rebasing: memory[..<extent.length.int])
        var done = 0
        while done < bytes.count {
            let place = Int(extent.start.bytes) + done
            let count = pread(file.descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, place)
            if count > 0 {
                done += count
            } else if count == 0 || errno != EINTR {
                throw NewFile.failure("read", "\(file.path) at byte \(place)", count == 0 ? EIO : errno)
            }
        }
        return record.differences(from: UnsafeRawBufferPointer(bytes), length: bytes.count).isEmpty
    }

    private func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(FerryError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(
                file.descriptor,
                bytes.baseAddress?.advanced(by: done),
                bytes.count - done,
                Int(offset) + done
            )
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                throw NewFile.failure("write", "\(file.path) at byte \(Int(offset) + done)", errno)
            }
        }
    }
}
