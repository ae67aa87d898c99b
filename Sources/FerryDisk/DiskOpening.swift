internal import CFerryLinux
internal import FerryCore
internal import Glibc

/// The words of the C library for an error number.
enum SystemError {
    static func text(_ number: Int32) -> String { String(cString: strerror(number)) }
}

extension Disk {
    /// What is at the path, without opening it.
    static func kind(_ path: String) throws(FerryError) -> DiskGeometry.Kind {
        var status = stat()
        guard stat(path, &status) == 0 else { throw openError(path, errno) }
        return try kind(status, path)
    }

    static func kind(_ status: stat, _ path: String) throws(FerryError) -> DiskGeometry.Kind {
        let what: String
        switch status.st_mode & S_IFMT {
        case S_IFBLK: return .blockDevice
        case S_IFREG: return .imageFile
        case S_IFDIR: what = "it is a directory"
        case S_IFCHR: what = "it is a character device"
        case S_IFIFO: what = "it is a pipe"
        case S_IFSOCK: what = "it is a socket"
        default: what = "it is neither a block device nor a file"
        }
        throw FerryError(
            .diskNotADisk,
            operation: "open the disk",
            subject: path,
            cause: what,
            advice: "Name a block device such as /dev/sda, or an image file."
        )
    }

    /// Whether the kernel and the device below really serve direct reads: some file systems accept the flag and refuse
    /// the first read.
    static func readsDirectly(_ descriptor: Int32) -> Bool {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            if pread(descriptor, buffer.baseAddress, buffer.count, 0) >= 0 { return true }
            if errno != EINTR { return errno != EINVAL }
        }
    }

    static func geometry(
        of descriptor: Int32,
        _ path: String,
        expecting expected: DiskGeometry.Kind
    ) throws(FerryError) -> (DiskGeometry, DeviceNumber?) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw openError(path, errno) }
        let kind = try kind(status, path)
        guard kind == expected, let size = size(of: descriptor, kind) else { throw openError(path, errno) }
        guard size > .zero else {
            throw FerryError(
                .diskEmpty,
                operation: "open the disk",
                subject: path,
                cause: "it has no bytes",
                advice: kind == .imageFile
                    ? "Name the file that holds the disk's bytes." : "Check that a medium is in the drive."
            )
        }
        guard size >= DiskUsage.blockSize else {
            throw FerryError(
                .diskTooSmall,
                operation: "open the disk",
                subject: path,
                cause: "it is only \(size) long",
                advice: "A disk has at least \(DiskUsage.blockSize)."
            )
        }
        var logical: UInt32 = 512
        var physical: UInt32 = 4096
        if kind == .blockDevice {
            guard ferry_block_logical(descriptor, &logical) == 0 else { throw openError(path, errno) }
            if ferry_block_physical(descriptor, &physical) != 0 { physical = logical }
        }
        let geometry = DiskGeometry(
            size: size,
            logicalBlockSize: ByteCount(UInt64(logical)),
            physicalBlockSize: ByteCount(UInt64(physical)),
            kind: kind
        )
        return (geometry, kind == .blockDevice ? DeviceNumber(status.st_rdev) : nil)
    }

    static func size(of descriptor: Int32, _ kind: DiskGeometry.Kind) -> ByteCount? {
        if kind == .blockDevice {
            var bytes: UInt64 = 0
            return ferry_block_size(descriptor, &bytes) == 0 ? ByteCount(bytes) : nil
        }
        var status = stat()
        return fstat(descriptor, &status) == 0 ? ByteCount(UInt64(max(0, status.st_size))) : nil
    }

    static func openError(_ path: String, _ number: Int32) -> FerryError {
        let (code, advice): (ErrorCode, String) =
            switch number {
            case ENOENT, ENOTDIR, ENXIO, ENODEV:
                (.diskNotFound, "Check the path; `lsblk` lists the disks of this server.")
            case EACCES, EPERM: (.diskPermissionDenied, "Run as root, or as a member of the group that owns the disk.")
            default: (.diskOpenFailed, "Look at the kernel's log for errors of this disk.")
            }
        return FerryError(
            code,
            operation: "open the disk",
            subject: path,
            cause: SystemError.text(number),
            advice: advice
        )
    }
}
