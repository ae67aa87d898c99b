extension PreCheckID {
    /// Logical volumes, arrays, encryption and multipath devices.
    public static let storageLayers = PreCheckID("storage.layers")
}

/// What lies between the disks and the file systems. A copy of whole disks takes it along, if all disks of it are moved.
enum StorageCheck {
    static func run(_ server: SourceServer) -> [PreCheckFinding] {
        let files = server.files
        let blocks = files.names(in: "/sys/block")
        guard blocks != nil || files.exists("/proc/mdstat") else {
            return [
                .unchecked(.storageLayers, "What lies between disks and file systems", because: "/sys cannot be read")
            ]
        }
        let mapped = (blocks ?? []).filter { $0.hasPrefix("dm-") }.map { block in
            (
                name: files.text("/sys/block/\(block)/dm/name").flatMap { ConfigurationLines.words($0).first } ?? block,
                kind: files.text("/sys/block/\(block)/dm/uuid") ?? ""
            )
        }
        func names(_ prefix: String) -> [String] { mapped.filter { $0.kind.hasPrefix(prefix) }.map(\.name) }
        func list(_ names: [String]) -> String {
            names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
        }
        var findings: [PreCheckFinding] = []
        func add(_ level: PreCheckFinding.Level, _ seen: String, _ advice: String = "") {
            findings.append(PreCheckFinding(.storageLayers, level, seen, advice: advice))
        }
        let multipath = names("mpath-")
        if !multipath.isEmpty {
            let advice =
                "Move \(multipath.count == 1 ? "it" : "each") as one disk, not its paths one by one, and check that "
                + "the image at the target starts without multipathd finding paths."
            add(.warning, "Multipath devices: \(list(multipath))", advice)
        }
        let encrypted = names("CRYPT-")
        if !encrypted.isEmpty {
            let advice =
                "The encryption moves with the disk: somebody, or a key file on the disk, has to open it when the "
                + "target starts, and all of it counts as used."
            add(.warning, "Encrypted devices: \(list(encrypted))", advice)
        }
        let volumes = names("LVM-")
        if !volumes.isEmpty {
            add(.ok, "LVM volumes: \(list(volumes)); they move with their disks, if all disks of a group are moved")
        }
        let arrays = ConfigurationLines.of(files.text("/proc/mdstat") ?? "").filter { $0.text.hasPrefix("md") }
            .compactMap { ConfigurationLines.words($0.text).first }
        if !arrays.isEmpty {
            add(
                .ok,
                "Linux RAID arrays: \(list(arrays)); they move with their disks, if all disks of an array are moved"
            )
        }
        let mounts = Mount.all(files) ?? []
        let pools = mounts.filter { $0.type == "zfs" }
        if !pools.isEmpty {
            let advice = "Its pool notes the machine it belongs to: be ready to import it by hand (zpool import -f)."
            add(.warning, "ZFS is in use: \(list(pools.map(\.directory)))", advice)
        }
        if findings.isEmpty { add(.ok, "No LVM, RAID, multipath or encryption is in use") }
        return findings
    }
}
