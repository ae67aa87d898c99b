internal import CFerryLinux
internal import FerryCore

/// GUID partition tables: UEFI specification 2.10, chapter 5.3.
struct GUIDPartitionTable {
    /// One copy of the header and its entries, checked.
    struct Copy {
        var diskGUID: String?
        var alternate: UInt64
        var partitions: [Partition]
    }

    /// Whether sector `sector` begins as a header does.
    static func isPresent(on disk: some DiskReader, at sector: UInt64, sectorSize: Int) -> Bool {
        guard sector < disk.geometry.size.bytes / UInt64(sectorSize) else { return false }
        let offset = ByteCount(sector * UInt64(sectorSize))
        guard let header = try? DiskBytes(of: disk, at: offset, count: sectorSize) else { return false }
        return header.has("EFI PART", at: 0)
    }

    /// Reads the copy whose header is in sector `sector`.
    /// - Throws: `FerryError`, whose cause says what is wrong with the copy.
    static func copy(of disk: some DiskReader, at sector: UInt64, sectorSize: Int) throws(FerryError) -> Copy {
        let sectors = disk.geometry.size.bytes / UInt64(sectorSize)
        guard sector < sectors else { throw .inconsistentMap("its header is beyond the end of the disk") }
        let header = try DiskBytes(of: disk, at: ByteCount(sector * UInt64(sectorSize)), count: sectorSize)
        guard header.has("EFI PART", at: 0) else { throw .inconsistentMap("its header is not there") }
        return try copy(of: disk, header, at: sector, sectorSize: sectorSize, sectors: sectors)
    }

    private static func copy(
        of disk: some DiskReader,
        _ header: DiskBytes,
        at sector: UInt64,
        sectorSize: Int,
        sectors: UInt64
    ) throws(FerryError) -> Copy {
        let headerSize = Int(try header.little(12, as: UInt32.self))
        guard (92...sectorSize).contains(headerSize) else {
            throw .inconsistentMap("its header says it has \(headerSize) bytes")
        }
        var covered = DiskBytes(Array(try header.slice(0, count: headerSize)))
        covered.clear(16, count: 4)
        guard ferry_crc32(covered.bytes, headerSize) == (try header.little(16, as: UInt32.self)) else {
            throw .inconsistentMap("its header's checksum is wrong")
        }
        guard try header.little(24, as: UInt64.self) == sector else {
            throw .inconsistentMap("its header belongs to another place of the disk")
        }
        let firstEntry = try header.little(72, as: UInt64.self)
        let count = Int(try header.little(80, as: UInt32.self))
        let size = Int(try header.little(84, as: UInt32.self))
        // The specification asks for at least 16 KiB of entries and sets no limit; a mebibyte is 8192 partitions.
        guard (128...4096).contains(size), size % 8 == 0, count <= (1 << 20) / size, firstEntry < sectors else {
            throw .inconsistentMap("its header describes \(count) entries of \(size) bytes at sector \(firstEntry)")
        }
        let entries = try DiskBytes(
            of: disk,
            at: ByteCount(firstEntry * UInt64(sectorSize)),
            count: count * size
        )
        guard ferry_crc32(entries.bytes, entries.count) == (try header.little(88, as: UInt32.self)) else {
            throw .inconsistentMap("the checksum of its entries is wrong")
        }
        var partitions: [Partition] = []
        for index in 0..<count {
            guard let partition = try partition(entries, index * size, number: index + 1, sectorSize) else { continue }
            partitions.append(partition)
        }
        return Copy(
            diskGUID: try header.guid(56),
            alternate: try header.little(32, as: UInt64.self),
            partitions: partitions
        )
    }

    private static func partition(
        _ entries: DiskBytes,
        _ offset: Int,
        number: Int,
        _ sectorSize: Int
    ) throws(FerryError) -> Partition? {
        guard let type = try entries.guid(offset) else { return nil }
        let first = try entries.little(offset + 32, as: UInt64.self)
        let last = try entries.little(offset + 40, as: UInt64.self)
        let limit = UInt64(Int64.max) / UInt64(sectorSize)
        guard first <= last, last < limit else {
            throw .inconsistentMap("partition \(number) ends before it begins")
        }
        var units: [UInt16] = []
        for index in 0..<36 {
            let unit = try entries.little(offset + 56 + index * 2, as: UInt16.self)
            if unit == 0 { break }
            units.append(unit)
        }
        return Partition(
            number: number,
            extent: Extent(
                from: ByteCount(first * UInt64(sectorSize)),
                to: ByteCount((last + 1) * UInt64(sectorSize))
            ),
            type: type,
            guid: try entries.guid(offset + 16),
            name: units.isEmpty ? nil : String(decoding: units, as: UTF16.self)
        )
    }
}
