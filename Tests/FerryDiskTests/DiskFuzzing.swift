import FerryCore
import FerryDisk

/// What is done with hostile bytes, by the mutating test and by the fuzzer alike. A trap is the failure looked for.
enum DiskFuzzing {
    /// The bytes as a disk's, whose partition table and identity are read.
    static func partitionTable(_ bytes: UnsafeRawBufferPointer) {
        for size in [512, 4096] as [UInt64] {
            guard let disk = disk(bytes, ByteCount(size)), let table = try? PartitionTable(of: disk) else { continue }
            for partition in table.partitions { precondition(partition.extent.end <= disk.geometry.size) }
        }
    }

    /// The bytes as a disk's, whose file systems are looked for and mapped: ext4, xfs and swap, bare or in partitions.
    static func usage(_ bytes: UnsafeRawBufferPointer) {
        guard let disk = disk(bytes, ByteCount(512 as UInt64)),
            let usage = try? DiskUsage(of: disk, mounts: MountTable(mounts: []))
        else { return }
        let whole = disk.geometry.wholeDisk
        var position = ByteCount.zero
        var unused = ByteCount.zero
        for run in usage.unusedExtents(in: whole) {
            precondition(run.start >= position && !run.isEmpty && run.end <= whole.end)
            position = run.end
            unused += run.length
        }
        precondition(!usage.lateFindings.isEmpty || unused == usage.inspection.unused)
        precondition(usage.inspection.used + usage.inspection.unused == whole.length)
        // The same in pieces.
        var pieces = ByteCount.zero
        let step = ByteCount.kibibytes(100)
        var start = ByteCount.zero
        while start < whole.end {
            for run in usage.unusedExtents(in: Extent(start: start, length: step)) { pieces += run.length }
            start += step
        }
        precondition(!usage.lateFindings.isEmpty || pieces == unused)
    }

    private static func disk(_ bytes: UnsafeRawBufferPointer, _ sector: ByteCount) -> MemoryDisk? {
        bytes.count < 4096 ? nil : MemoryDisk(Array(bytes), logicalBlockSize: sector)
    }
}
