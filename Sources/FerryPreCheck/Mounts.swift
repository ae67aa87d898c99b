/// One line of /proc/mounts.
struct Mount {
    var device: String
    var directory: String
    var type: String

    /// Whether it is a file system on a disk of this server. Any other may be one whose server does not answer, and
    /// asking such a one how full it is waits for ever.
    var isLocal: Bool {
        ["ext2", "ext3", "ext4", "xfs", "btrfs", "reiserfs", "jfs", "f2fs", "vfat", "zfs", "bcachefs", "nilfs2"]
            .contains(type)
    }

    /// What is mounted on the source server, the last of several at one place only; nil if that cannot be read.
    ///
    /// The first process's list comes first: the own list of a process in a chroot ends at its root.
    static func all(_ files: SourceServerFiles) -> [Mount]? {
        guard let text = files.text("/proc/1/mounts") ?? files.text("/proc/mounts") else { return nil }
        var mounts: [Mount] = []
        for line in ConfigurationLines.of(text) {
            let words = ConfigurationLines.words(line.text).map { unescaped($0) }
            guard words.count >= 3 else { continue }
            mounts.removeAll { $0.directory == words[1] }
            mounts.append(Mount(device: words[0], directory: words[1], type: words[2]))
        }
        return mounts
    }

    /// Undoes the octal escapes (`\040`) of /proc/mounts and /etc/fstab.
    static func unescaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3, digits.allSatisfy({ (0x30...0x37).contains($0) }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
