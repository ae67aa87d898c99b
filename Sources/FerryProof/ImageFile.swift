internal import CFerryLinux
public import FerryCore
internal import Glibc

/// An image to be compared with a proof: a raw file or a block device, opened for reading only.
public final class ImageFile: Sendable {
    /// Where the image is.
    public let path: String
    /// Its size.
    public let size: ByteCount
    /// Whether it is a block device.
    public let isDevice: Bool

    private let descriptor: Int32
    private let change: Change?

    /// Opens the image at `path`.
    /// - Throws: `FerryError` with `ErrorCode.proofImage`.
    public init(path: String) throws(FerryError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw ImageFile.unusable(path, String(cString: strerror(errno))) }
        var status = stat()
        fstat(descriptor, &status)
        let kind = status.st_mode & S_IFMT
        let end = kind == S_IFBLK ? lseek(descriptor, 0, SEEK_END) : Int(status.st_size)
        guard kind == S_IFBLK || kind == S_IFREG, end >= 0 else {
            close(descriptor)
            throw ImageFile.unusable(path, "it is neither a file nor a block device")
        }
        self.path = path
        self.descriptor = descriptor
        isDevice = kind == S_IFBLK
        size = ByteCount(UInt64(end))
        change = kind == S_IFREG ? Change(status) : nil
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit { close(descriptor) }

    /// Fills `buffer` from `offset`.
    /// - Throws: `FerryError` with `ErrorCode.proofImageFailed` or `.proofImageBusy`.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(FerryError) {
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
            } else if count == 0 {
                throw busy()
            } else if errno != EINTR {
                throw FerryError(
                    .proofImageFailed,
                    operation: "read",
                    subject: "the image \(path) at byte \(Int(offset) + done)",
                    cause: String(cString: strerror(errno)),
                    advice: "Nothing is proved or disproved; check the disk that holds the image."
                )
            }
        }
    }

    /// Where the next byte that may be other than zero is, from `offset`; the image's size if there is none.
    func nextData(from offset: UInt64) -> UInt64 {
        guard !isDevice, offset < size.bytes else { return min(offset, size.bytes) }
        let start = ferry_seek_data(descriptor, Int64(offset))
        if start >= 0 { return UInt64(start) }
        return errno == ENXIO ? size.bytes : offset
    }

    /// Throws if the file was written to since it was opened. A device does not tell.
    func checkUnchanged() throws(FerryError) {
        guard let change else { return }
        var status = stat()
        guard fstat(descriptor, &status) == 0, Change(status) == change else { throw busy() }
    }

    private func busy() -> FerryError {
        FerryError(
            .proofImageBusy,
            operation: "compare",
            subject: "the image \(path)",
            cause: "it was written to while it was read",
            advice: "Stop what writes to it, or compare a copy: `ferry staging snapshot` makes one.",
            retry: .later
        )
    }

    private static func unusable(_ path: String, _ cause: String) -> FerryError {
        FerryError(
            .proofImage,
            operation: "open",
            subject: "the image \(path)",
            cause: cause,
            advice: "Name a raw image or a block device that this user may read."
        )
    }

    /// What a file system says of the last change of a file.
    private struct Change: Equatable {
        var size: Int
        var seconds: Int
        var nanoseconds: Int

        init(_ status: stat) {
            size = Int(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }
}
