internal import CFerryLinux
internal import FuzzDisk

extension SparseDisk {
    /// Makes the checksums of an xfs of version 5 right: those of its superblock, its groups' headers and its trees.
    mutating func sealXFS() {
        guard let superblock = content(at: 0, count: 512) else { return }
        let blockSize = superblock[4..<8].reduce(0) { $0 << 8 | Int($1) }
        let sectorSize = superblock[102..<104].reduce(0) { $0 << 8 | Int($1) }
        for sector in storedSectors {
            let offset = sector * UInt64(SparseDisk.sectorSize)
            switch content(at: offset, count: 4) {
            case Array("XFSB".utf8): sealStructure(at: offset, length: sectorSize, field: 224)
            case Array("XAGF".utf8): sealStructure(at: offset, length: sectorSize, field: 216)
            case Array("AB3B".utf8), Array("AB3C".utf8): sealStructure(at: offset, length: blockSize, field: 52)
            default: break
            }
        }
    }

    private mutating func sealStructure(at offset: UInt64, length: Int, field: Int) {
        // No structure of an xfs is longer.
        guard (512...65536).contains(length), var covered = content(at: offset, count: length) else { return }
        for index in field..<(field + 4) { covered[index] = 0 }
        put(~ferry_crc32c(~0, covered, length), at: offset + UInt64(field))
    }
}
