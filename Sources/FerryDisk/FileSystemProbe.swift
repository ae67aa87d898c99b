internal import FerryCore

/// Recognises what fills a region by its magic numbers. The places of the magics are those that libblkid looks at.
struct FileSystemProbe {
    var kind: FileSystemKind
    var label: String?
    var uuid: String?
    /// More than one file system seems to be there: remains of an older one were left, and nothing says which lives.
    var isAmbiguous = false
    /// The first bytes of the region.
    let start: DiskBytes

    /// Looks at the region.
    /// - Throws: `FerryError` if its first bytes cannot be read.
    init(_ disk: any DiskReader, region: Extent) throws(FerryError) {
        let length = Int(min(region.length.bytes, 68 << 10))
        start = try DiskBytes(of: disk, at: region.start, count: length)
        kind = .unknown
        let found = candidates()
        kind = found.first ?? .unknown
        isAmbiguous = found.count > 1
        if kind == .ext2 { try refineExt() }
        try describe()
    }

    private func candidates() -> [FileSystemKind] {
        var found: [FileSystemKind] = []
        func check(_ kind: FileSystemKind, _ magic: StaticString, _ offset: Int) {
            if start.has(magic, at: offset), !found.contains(kind) { found.append(kind) }
        }
        if start.count >= 6, Array(start.bytes[0..<6]) == [0x4C, 0x55, 0x4B, 0x53, 0xBA, 0xBE] { found.append(.luks) }
        for sector in 0..<4
        where start.has("LABELONE", at: sector * 512) && start.has("LVM2 001", at: sector * 512 + 24) {
            if !found.contains(.lvm2) { found.append(.lvm2) }
        }
        // Software RAID, metadata 1.2 and 1.1; 1.0 and 0.90 lie at the end of a member.
        for offset in [4096, 0] where (try? start.little(offset, as: UInt32.self)) == 0xA92B_4EFC {
            if !found.contains(.mdraid) { found.append(.mdraid) }
        }
        check(.btrfs, "_BHRfS_M", 0x10040)
        check(.xfs, "XFSB", 0)
        if (try? start.little(1024 + 0x38, as: UInt16.self)) == 0xEF53 { found.append(.ext2) }
        if SwapMap.signature(start) != nil { found.append(.swap) }
        check(.ntfs, "NTFS    ", 3)
        check(.exfat, "EXFAT   ", 3)
        check(.fat, "FAT32   ", 82)
        check(.fat, "FAT16   ", 54)
        check(.fat, "FAT12   ", 54)
        check(.iso9660, "CD001", 0x8001)
        check(.squashfs, "hsqs", 0)
        if (try? start.little(1024, as: UInt32.self)) == 0xF2F5_2010 { found.append(.f2fs) }
        check(.reiserfs, "ReIsEr", 0x10034)
        return found
    }

    private mutating func refineExt() throws(FerryError) {
        let incompatible = try start.little(1024 + 0x60, as: UInt32.self)
        let compatible = try start.little(1024 + 0x5C, as: UInt32.self)
        let readOnly = try start.little(1024 + 0x64, as: UInt32.self)
        if incompatible & 0x8 != 0 {
            kind = .extJournal
        } else if incompatible & ~0x16 != 0 || readOnly & ~0x7 != 0 {
            kind = .ext4
        } else if compatible & 0x4 != 0 {
            kind = .ext3
        }
    }

    private mutating func describe() throws(FerryError) {
        switch kind {
        case .ext2, .ext3, .ext4, .extJournal:
            uuid = try start.uuid(1024 + 0x68)
            label = try start.text(1024 + 0x78, count: 16)
        case .xfs:
            uuid = try start.uuid(32)
            label = try start.text(108, count: 12)
        case .swap:
            uuid = try start.uuid(1036)
            label = try start.text(1052, count: 16)
        case .btrfs:
            uuid = try start.uuid(0x10020)
            label = try start.text(0x1012B, count: 256)
        case .luks:
            uuid = try start.text(168, count: 40)
        default: break
        }
    }
}
