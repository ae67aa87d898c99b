/// One entry of /etc/fstab.
struct FstabEntry {
    /// The line it is on, from 1.
    var line: Int
    /// What is mounted, as it is written.
    var device: String
    /// Where.
    var directory: String
    /// The file system's type.
    var type: String
    /// The options.
    var options: [String]

    var isSwap: Bool { type == "swap" }
    /// Whether the server starts without it if it is missing.
    var isOptional: Bool { options.contains("nofail") || options.contains("noauto") }

    /// Whether it lies on another server.
    var isRemote: Bool {
        options.contains("_netdev")
            || [
                "nfs", "nfs4", "cifs", "smbfs", "smb3", "ceph", "glusterfs", "lustre", "9p", "fuse.sshfs", "beegfs",
                "gfs2", "ocfs2",
            ]
            .contains(type)
    }

    /// Whether it needs a block device at all.
    var needsDevice: Bool {
        !isRemote && DeviceName(device) != .other && !options.contains("bind") && !options.contains("rbind")
    }
}

/// /etc/fstab: what is mounted when the server starts.
enum Fstab {
    /// The entries; nil if the file cannot be read.
    static func read(_ files: SourceServerFiles) -> [FstabEntry]? {
        files.text("/etc/fstab").map { text in
            ConfigurationLines.of(text).compactMap { line in
                let words = ConfigurationLines.words(line.text).map { Mount.unescaped($0) }
                guard words.count >= 3 else { return nil }
                let options = words.count > 3 ? words[3].utf8.split(separator: UInt8(ascii: ",")) : []
                return FstabEntry(
                    line: line.number,
                    device: words[0],
                    directory: words[1],
                    type: words[2],
                    options: options.map { String(Substring($0)) }
                )
            }
        }
    }
}
