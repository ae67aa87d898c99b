internal import CFerryLinux
internal import Glibc

extension FileSystemFreeze {
    /// Those of `paths` that are on one of `fileSystems`, so that writing them during a freeze would hang.
    ///
    /// A path that does not exist yet stands for the nearest directory above it that does. Where nobody can tell (on
    /// overlay file systems, and on btrfs if a btrfs is to be frozen), the path is among the result.
    public static func paths(_ paths: [String], on fileSystems: [MountedFileSystem]) -> [String] {
        guard !fileSystems.isEmpty else { return [] }
        let devices = Set(fileSystems.map(\.device))
        let hasBtrfs = fileSystems.contains { $0.type == "btrfs" }
        return paths.filter { path in
            guard let existing = nearestExisting(path), let device = HostFiles.device(holding: existing) else {
                return true
            }
            if devices.contains(device) { return true }
            let magic = ferry_file_system_magic(existing)
            return magic < 0 || magic == 0x794C_7630 || hasBtrfs && magic == 0x9123_683E
        }
    }

    private static func nearestExisting(_ path: String) -> String? {
        var path = path
        while true {
            if access(path, F_OK) == 0 { return path }
            guard errno == ENOENT || errno == ENOTDIR else { return nil }
            while path.count > 1, path.last == "/" { path.removeLast() }
            guard let slash = path.lastIndex(of: "/") else { return "." }
            path = slash == path.startIndex ? "/" : String(path[..<slash])
        }
    }
}
