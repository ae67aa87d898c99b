/// What a name of a block device depends on.
enum DeviceName: Equatable {
    /// The content of the device itself: UUID=, LABEL=, a logical volume, an array.
    case byContent
    /// The order and kind in which the kernel found the disks: /dev/sda1.
    case byOrder
    /// The place the disk is plugged into.
    case byPath
    /// The serial number or model of the disk.
    case byHardware
    /// Not a block device's name.
    case other

    /// Whether the name may mean nothing, or something else, on another machine with the same disks' content.
    var mayChange: Bool { self == .byOrder || self == .byPath || self == .byHardware }

    init(_ name: String) {
        let upper = name.uppercased()
        if ["UUID=", "LABEL=", "PARTUUID=", "PARTLABEL="].contains(where: { upper.hasPrefix($0) }) {
            self = .byContent
        } else if upper.hasPrefix("ID=") || name.hasPrefix("/dev/disk/by-id/") {
            let id = name.hasPrefix("/dev/") ? name.dropFirst(16) : name.dropFirst(3)
            let isContent = ["dm-", "lvm-", "md-"].contains { id.hasPrefix($0) }
            self = isContent ? .byContent : .byHardware
        } else if name.hasPrefix("/dev/disk/by-path/") {
            self = .byPath
        } else if name.hasPrefix("/dev/") {
            let last = name.dropFirst(5)
            let prefixes = ["sd", "hd", "vd", "xvd", "nvme", "cciss/", "mmcblk", "dasd", "ubd"]
            let isDisk = prefixes.contains { last.hasPrefix($0) && last.utf8.count > $0.utf8.count }
            self =
                isDisk && !(last.hasPrefix("hd") && last.holds("/")) && !name.hasPrefix("/dev/disk/")
                ? .byOrder : .byContent
        } else {
            self = .other
        }
    }
}

/// The block devices the source server has now.
struct BlockDevices {
    let files: SourceServerFiles

    init(_ files: SourceServerFiles) { self.files = files }

    /// A name of `device` that stays true at another place, as `UUID=...`; nil if none can be found.
    func stableName(of device: String) -> String? {
        guard let target = files.resolved(device)?.utf8.split(separator: UInt8(ascii: "/")).last else { return nil }
        let kernelName = String(Substring(target))
        for (directory, key) in [("by-uuid", "UUID"), ("by-partuuid", "PARTUUID")] {
            for name in files.names(in: "/dev/disk/\(directory)") ?? [] {
                let link = files.link("/dev/disk/\(directory)/\(name)")?.utf8.split(separator: UInt8(ascii: "/")).last
                if let link, String(Substring(link)) == kernelName { return "\(key)=\(name)" }
            }
        }
        // What udev noted, for a /dev that is not the source server's own.
        guard
            let number = files.text("/sys/class/block/\(kernelName)/dev").flatMap({ ConfigurationLines.words($0).first }
            ),
            let record = files.text("/run/udev/data/b\(number)")
        else { return nil }
        for line in ConfigurationLines.of(record) where line.text.hasPrefix("E:ID_FS_UUID=") {
            return "UUID=\(line.text.dropFirst(13))"
        }
        return nil
    }

    /// Whether the server has a device called `name` now; nil if that cannot be told.
    func exists(_ name: String) -> Bool? {
        let kinds = [
            ("UUID=", "by-uuid"), ("LABEL=", "by-label"), ("PARTUUID=", "by-partuuid"), ("PARTLABEL=", "by-partlabel"),
        ]
        for (key, directory) in kinds where name.uppercased().hasPrefix(key) {
            let value = ConfigurationLines.unquoted(String(name.dropFirst(key.count)))
            // Without udev no link says anything, neither here nor in the other directories.
            guard files.names(in: "/dev/disk/by-uuid") != nil else { return nil }
            return (files.names(in: "/dev/disk/\(directory)") ?? []).contains {
                $0.lowercased() == BlockDevices.linkName(value).lowercased()
            }
        }
        guard name.hasPrefix("/dev/") else { return nil }
        guard files.names(in: "/dev") != nil, files.exists("/dev/disk") || files.exists("/dev/mapper") else {
            return nil
        }
        return files.exists(name)
    }

    /// How udev writes a label as a file's name: what is not a letter, digit or one of a few signs as `\x20`.
    private static func linkName(_ value: String) -> String {
        value.utf8.map { byte in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte >= 0x80 || "#+-.:=@_".utf8.contains(byte)
            let digits = String(byte, radix: 16)
            return isPlain
                ? String(decoding: [byte], as: Unicode.UTF8.self) : "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
        }.joined()
    }
}
