internal import FerryCore
internal import Glibc

/// What the kernel tells in files: /proc and /sys.
enum HostFiles {
    /// Inside a chroot that holds only /proc, the host's own root is reached through its first process.
    static let hostRoot = "/proc/1/root"

    /// Where /sys is.
    static var sys: String { access("/sys/dev/block", F_OK) == 0 ? "/sys" : hostRoot + "/sys" }

    /// The whole of a small file; nil if it cannot be read. Files of /sys hold at most a page, mount tables more.
    static func bytes(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < 16 << 20 {
            let result = Glibc.read(descriptor, &buffer, buffer.count)
            if result < 0, errno == EINTR { continue }
            if result < 0 { return nil }
            if result == 0 { return bytes }
            bytes += buffer[0..<result]
        }
        return bytes
    }

    /// The text of a small file without the white space around it; nil if there is none.
    static func text(_ path: String) -> String? {
        guard let bytes = bytes(path) else { return nil }
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x0A || byte == 0 }
        let trimmed = bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        return trimmed.isEmpty ? nil : String(decoding: Array(trimmed), as: UTF8.self)
    }

    /// The number in a file.
    static func number(_ path: String) -> UInt64? { text(path).flatMap { UInt64($0) } }

    /// The names in a folder, sorted; none if it cannot be read.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The device that holds the file at `path`.
    static func device(holding path: String) -> DeviceNumber? {
        var status = stat()
        return stat(path, &status) == 0 ? DeviceNumber(UInt(status.st_dev)) : nil
    }

    /// The device that the special file at `path` stands for.
    static func device(named path: String) -> DeviceNumber? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFBLK else { return nil }
        return DeviceNumber(UInt(status.st_rdev))
    }
}
