internal import FerryCore
internal import FerryDisk
internal import FuzzDisk
internal import FuzzLoop

/// The input is a disk with a partition table, or with a swap area, which has nothing more to it than a table has.
@main struct FuzzPartitionTables {
    static func main() {
        FuzzLoop.run(seeds: TableSeeds.all) { input in
            guard var input = DiskInput(input) else { return }
            if input.isSealed { input.disk.sealPartitionTables() }
            guard let table = try? PartitionTable(of: input.disk) else { return }
            check(table, on: input.disk)
            MapCheck.disk(input.disk)
        }
    }

    private static func check(_ table: PartitionTable, on disk: SparseDisk) {
        let doubtful = table.findings.filter { $0.code == .partitionsOverlap }.compactMap(\.extent)
        var before: Partition?
        for partition in table.partitions.sorted(by: { $0.extent.start < $1.extent.start }) {
            precondition(partition.number > 0 && partition.extent.end <= disk.geometry.size)
            if let before, before.extent.end > partition.extent.start {
                precondition(doubtful.contains(before.extent) && doubtful.contains(partition.extent))
            }
            before = partition
        }
        precondition(Set(table.partitions.map(\.number)).count == table.partitions.count, "two have one number")
    }
}
