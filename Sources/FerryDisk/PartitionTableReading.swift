public import FerryCore

extension PartitionTable {
    /// Reads the partition table of `disk`.
    ///
    /// Follows the Linux kernel: a GPT counts only behind a protective MBR, and its backup only if the primary is
    /// damaged. The sectors of an image file may be of 512 or 4096 bytes; both are tried.
    /// - Throws: `FerryError` if the first sectors of the disk cannot be read. A damaged table is no failure but a
    ///   finding.
    public init(of disk: some DiskReader) throws(FerryError) {
        let sectorSize = disk.geometry.logicalBlockSize.bytes
        let first = try DiskBytes(of: disk, at: .zero, count: 512)
        guard let record = try MasterBootRecord(first), !record.isEmpty else {
            self.init(kind: .none)
            diskID = try MasterBootRecord(first)?.signatureText
            return
        }
        if record.isProtective {
            self = PartitionTable.gpt(of: disk, behind: record)
        } else {
            let (logical, findings) = record.logicalPartitions(of: disk, sectorSize: sectorSize)
            self.init(
                kind: .mbr,
                diskID: record.signatureText,
                partitions: record.primaryPartitions(sectorSize: sectorSize) + logical,
                findings: findings
            )
        }
        reportOverlaps()
        dropOutOfRange(disk.geometry)
    }

    /// The partitions that share bytes with another: nothing that a file system says about them can be believed.
    var overlapping: Set<Extent> {
        var shared: Set<Extent> = []
        var widest: Extent?
        for partition in partitions.sorted(by: { $0.extent.start < $1.extent.start }) {
            if let before = widest, partition.extent.start < before.end {
                shared.insert(before)
                shared.insert(partition.extent)
            }
            if let before = widest, before.end >= partition.extent.end { continue }
            widest = partition.extent
        }
        return shared
    }

    private static func gpt(of disk: some DiskReader, behind record: MasterBootRecord) -> PartitionTable {
        var table = PartitionTable(kind: .gpt)
        var sizes = [disk.geometry.logicalBlockSize.int]
        if disk.geometry.kind == .imageFile { sizes.append(sizes == [512] ? 4096 : 512) }
        // An image may be smaller than one large sector.
        sizes.removeAll { disk.geometry.size.bytes < UInt64($0) }
        // An intact primary of either sector size goes before a backup of the other.
        for sectorSize in sizes where GUIDPartitionTable.isPresent(on: disk, at: 1, sectorSize: sectorSize) {
            do throws(FerryError) {
                let primary = try GUIDPartitionTable.copy(of: disk, at: 1, sectorSize: sectorSize)
                table.take(primary)
                table.checkBackup(of: primary, on: disk, sectorSize)
                table.checkHybrid(record, UInt64(sectorSize))
                return table
            } catch {
                table.findings.append(Finding(.gptPrimaryDamaged, "The primary GPT is damaged: \(error.cause)."))
            }
        }
        if table.findings.isEmpty { table.findings = [Finding(.gptPrimaryDamaged, "The primary GPT is missing.")] }
        for sectorSize in sizes {
            let last = disk.geometry.size.bytes / UInt64(sectorSize) - 1
            guard let backup = try? GUIDPartitionTable.copy(of: disk, at: last, sectorSize: sectorSize) else {
                continue
            }
            table.take(backup)
            table.checkHybrid(record, UInt64(sectorSize))
            return table
        }
        table.findings.append(
            Finding(.gptUnusable, "Neither the primary nor the backup GPT can be used: the disk is copied whole.")
        )
        return table
    }

    private mutating func take(_ copy: GUIDPartitionTable.Copy) {
        diskID = copy.diskGUID
        partitions = copy.partitions
    }

    private mutating func checkBackup(
        of primary: GUIDPartitionTable.Copy,
        on disk: some DiskReader,
        _ sectorSize: Int
    ) {
        do throws(FerryError) {
            _ = try GUIDPartitionTable.copy(of: disk, at: primary.alternate, sectorSize: sectorSize)
        } catch {
            findings.append(Finding(.gptBackupDamaged, "The backup GPT is damaged: \(error.cause)."))
        }
    }

    /// A hybrid MBR names partitions of its own. Those that do not repeat one of the GPT's may hold anything.
    private mutating func checkHybrid(_ record: MasterBootRecord, _ sectorSize: UInt64) {
        let others = record.primaryPartitions(sectorSize: sectorSize)
        guard !others.isEmpty else { return }
        findings.append(Finding(.hybridMBR, "The MBR has \(others.count) partition(s) besides the GPT."))
        let known = Set(partitions.map(\.extent))
        for other in others where !known.contains(other.extent) {
            findings.append(
                Finding(
                    .partitionsOverlap,
                    at: other.extent,
                    "Partition \(other.number) of the hybrid MBR is not one of the GPT's: GPT partitions that share "
                        + "bytes with it are copied whole."
                )
            )
        }
    }

    private mutating func dropOutOfRange(_ geometry: DiskGeometry) {
        for partition in partitions where partition.extent.end > geometry.size {
            findings.append(
                Finding(
                    .partitionOutOfRange,
                    at: partition.extent.intersection(geometry.wholeDisk),
                    "Partition \(partition.number) reaches beyond the end of the disk: it is copied whole."
                )
            )
        }
        partitions.removeAll { $0.extent.end > geometry.size }
    }

    private mutating func reportOverlaps() {
        let shared = overlapping
        for partition in partitions where shared.contains(partition.extent) {
            findings.append(
                Finding(
                    .partitionsOverlap,
                    at: partition.extent,
                    "Partition \(partition.number) shares bytes with another: both are copied whole."
                )
            )
        }
    }
}
