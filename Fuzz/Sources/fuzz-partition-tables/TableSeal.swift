internal import CFerryLinux
internal import FerryCore
internal import FerryDisk
internal import FuzzDisk

extension SparseDisk {
    /// Makes the checksums of both copies of a GPT right, for sectors of either size.
    mutating func sealPartitionTables() {
        for sectorSize in [512, 4096] as [UInt64] where geometry.size.bytes >= sectorSize {
            sealTable(at: sectorSize, sectorSize)
            sealTable(at: (geometry.size.bytes / sectorSize - 1) * sectorSize, sectorSize)
        }
    }

    private mutating func sealTable(at offset: UInt64, _ sectorSize: UInt64) {
        guard let header = content(at: offset, count: Int(sectorSize)), header.starts(with: "EFI PART".utf8) else {
            return
        }
        func number(_ place: Int, _ width: Int) -> UInt64 {
            header[place..<(place + width)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        let (entries, overflows) = number(72, 8).multipliedReportingOverflow(by: sectorSize)
        // Two 32-bit numbers: their product fits. More than a mebibyte is refused whatever its checksum is.
        let length = number(80, 4) * number(84, 4)
        if !overflows, length <= 1 << 20, let covered = content(at: entries, count: Int(length)) {
            put(ferry_crc32(covered, covered.count), at: offset + 88)
        }
        let headerLength = Int(number(12, 4))
        put(0, at: offset + 16)
        guard headerLength >= 20, let covered = content(at: offset, count: min(headerLength, Int(sectorSize))) else {
            return
        }
        put(ferry_crc32(covered, covered.count), at: offset + 16)
    }
}
