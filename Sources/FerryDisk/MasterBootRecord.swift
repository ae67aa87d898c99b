internal import FerryCore

/// The partition table of a master boot record, and the logical partitions chained inside extended ones.
///
/// The layout is described in the UEFI specification 2.10, chapter 5.2; the rules for logical partitions are what the
/// Linux kernel accepts (block/partitions/msdos.c).
struct MasterBootRecord {
    struct Entry {
        var type: UInt8
        var first: UInt64
        var sectors: UInt64

        /// 0x05 of DOS, 0x0f of Windows 95, 0x85 of Linux.
        var isExtended: Bool { [0x05, 0x0F, 0x85].contains(type) }
        var isUsed: Bool { type != 0 && sectors > 0 }
    }

    var signature: UInt32
    var entries: [Entry]

    /// Takes a sector apart; nil if it is no boot record: no signature, or boot flags that make no sense, as in the
    /// boot sector of a file system.
    init?(_ sector: DiskBytes) throws(FerryError) {
        guard try sector.little(510, as: UInt16.self) == 0xAA55 else { return nil }
        entries = []
        for index in 0..<4 {
            let offset = 446 + index * 16
            guard try sector.little(offset, as: UInt8.self) & 0x7F == 0 else { return nil }
            entries.append(
                Entry(
                    type: try sector.little(offset + 4, as: UInt8.self),
                    first: UInt64(try sector.little(offset + 8, as: UInt32.self)),
                    sectors: UInt64(try sector.little(offset + 12, as: UInt32.self))
                )
            )
        }
        signature = try sector.little(440, as: UInt32.self)
    }

    var isEmpty: Bool { !entries.contains { $0.isUsed } }
    var isProtective: Bool { entries.contains { $0.isUsed && $0.type == 0xEE } }
    /// The signature as eight digits; nil if there is none.
    var signatureText: String? {
        guard signature != 0 else { return nil }
        let digits = String(signature, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// The primary partitions but the extended ones, which only hold others.
    func primaryPartitions(sectorSize: UInt64) -> [Partition] {
        entries.enumerated().compactMap { index, entry in
            guard entry.isUsed, !entry.isExtended, entry.type != 0xEE else { return nil }
            return MasterBootRecord.partition(entry, number: index + 1, base: 0, sectorSize)
        }
    }

    /// The logical partitions, and what is wrong with their chain.
    func logicalPartitions(of disk: some DiskReader, sectorSize: UInt64) -> ([Partition], [Finding]) {
        var partitions: [Partition] = []
        var findings: [Finding] = []
        for extended in entries where extended.isUsed && extended.isExtended {
            if let broken = MasterBootRecord.follow(extended, of: disk, sectorSize, &partitions) {
                findings.append(
                    Finding(
                        .badExtendedPartition,
                        "The chain of logical partitions is broken: \(broken). What it does not reach is copied whole."
                    )
                )
            }
        }
        return (partitions, findings)
    }

    /// Follows one chain; returns why it is broken, if it is.
    private static func follow(
        _ extended: Entry,
        of disk: some DiskReader,
        _ sectorSize: UInt64,
        _ partitions: inout [Partition]
    ) -> String? {
        var position = extended.first
        var seen: Set<UInt64> = []
        do throws(FerryError) {
            while true {
                guard seen.insert(position).inserted else { return "it runs in a circle" }
                guard seen.count <= 256 else { return "it has more than 256 links" }
                guard position < disk.geometry.size.bytes / sectorSize else { return "it leaves the disk" }
                let sector = try DiskBytes(of: disk, at: ByteCount(position * sectorSize), count: Int(sectorSize))
                guard let record = try MasterBootRecord(sector) else {
                    return "sector \(position) is no partition table"
                }
                for (slot, entry) in record.entries.enumerated() where entry.isUsed && !entry.isExtended {
                    let end = position + entry.first + entry.sectors
                    // Old tools leave rubbish in the third and fourth entry.
                    if slot >= 2,
                        entry.first + entry.sectors > extended.sectors || end > extended.first + extended.sectors
                    {
                        continue
                    }
                    partitions.append(partition(entry, number: partitions.count + 5, base: position, sectorSize))
                }
                guard let next = record.entries.first(where: { $0.isUsed && $0.isExtended }) else { return nil }
                position = extended.first + next.first
            }
        } catch {
            return error.cause
        }
    }

    private static func partition(_ entry: Entry, number: Int, base: UInt64, _ sectorSize: UInt64) -> Partition {
        let digits = String(entry.type, radix: 16)
        return Partition(
            number: number,
            extent: Extent(
                start: ByteCount((base + entry.first) * sectorSize),
                length: ByteCount(entry.sectors * sectorSize)
            ),
            type: "0x" + (digits.count < 2 ? "0" : "") + digits
        )
    }
}
