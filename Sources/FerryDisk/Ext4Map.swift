internal import FerryCore
internal import Synchronization

/// The free blocks of an ext2, ext3 or ext4 file system, from the bitmaps of its groups.
///
/// A group's bitmap is believed if its checksum, where there is one, is right, if it agrees with the free count in the
/// group's descriptor, and if it has the metadata of the file system as used. The free count in the superblock is not
/// compared: on a mounted or unclean file system it is stale, and nothing depends on it.
final class Ext4Map: UsageMap {
    let region: Extent
    let superblock: Ext4Superblock
    /// The file system is mounted, and its structures change while they are read.
    private let isLive: Bool
    private let cache: MetadataCache
    private let state = Mutex(State())

    private struct State {
        /// The groups used last, the latest at the end.
        var groups: [(number: UInt64, runs: BlockRuns)] = []
        /// Groups whose bitmap would not come to rest; they count as used.
        var distrusted: Set<UInt64> = []
    }

    /// A map of the file system in `region` of `disk`.
    /// - Throws: `FerryError` if the superblock is not consistent, or the file system is larger than the region.
    init(of disk: any DiskReader, region: Extent, isLive: Bool) throws(FerryError) {
        cache = MetadataCache(disk, region: region)
        superblock = try Ext4Superblock(try cache.bytes(at: Ext4Superblock.offset, count: Ext4Superblock.size))
        guard superblock.blockCount <= region.length.bytes / superblock.blockSize else {
            throw .inconsistentMap("the file system is larger than its partition")
        }
        self.region = region
        self.isLive = isLive
    }

    func unusedExtents(in range: Extent, _ body: (Extent) -> Void) throws(FerryError) {
        let base = region.start + ByteCount(superblock.firstDataBlock * superblock.blockSize)
        let blocks = Extent(
            start: base,
            length: ByteCount(superblock.blockCount * superblock.blockSize) - (base - region.start)
        )
        guard let wanted = range.intersection(blocks) else { return }
        let groupBytes = superblock.blocksPerGroup * superblock.blockSize
        let first = (wanted.start - base).bytes / groupBytes
        let last = (wanted.end - base).bytes - 1
        for group in first...(last / groupBytes) {
            try emit(group, wanted, body)
        }
    }

    func survey(_ body: (Extent) -> Void) throws(FerryError) -> [Finding] {
        for group in 0..<superblock.groupCount {
            var attempt = 1
            while true {
                do throws(FerryError) {
                    try check(group)
                    break
                } catch {
                    guard isLive, error.code == .diskBadUsageMap else { throw error }
                    forget()
                    if attempt == 3 { state.withLock { _ = $0.distrusted.insert(group) } }
                    if attempt > 3 { break }
                    attempt += 1
                }
            }
            try emit(group, region, body)
        }
        let distrusted = state.withLock { $0.distrusted.count }
        guard distrusted > 0 else { return [] }
        return [
            Finding(
                .mapInconsistent,
                at: region,
                "The free space of \(distrusted) of \(superblock.groupCount) groups changed while it was looked at: "
                    + "these groups are copied whole."
            )
        ]
    }

    private func emit(_ group: UInt64, _ range: Extent, _ body: (Extent) -> Void) throws(FerryError) {
        let base = region.start + ByteCount(superblock.firstBlock(of: group) * superblock.blockSize)
        try runs(of: group).extents(from: base, blockSize: superblock.blockSize, in: range, body)
    }

    /// Checks that a group's metadata, wherever it lies, is in use by the bitmaps.
    private func check(_ number: UInt64) throws(FerryError) {
        if state.withLock({ $0.distrusted.contains(number) }) { return }
        _ = try runs(of: number)
        let group = try descriptor(number)
        for part in group.metadata(in: superblock) {
            var first = part.first
            let end = part.first + part.count
            while first < end {
                let holder = superblock.group(of: first)
                let start = superblock.firstBlock(of: holder)
                let count = min(end, start + superblock.blockCount(of: holder)) - first
                if try runs(of: holder).intersects(first: first - start, count: count) {
                    throw .inconsistentMap("metadata of group \(number) lies in blocks that count as free")
                }
                first += count
            }
        }
    }

    private func forget() {
        cache.forget()
        state.withLock { $0.groups.removeAll() }
    }

    private func descriptor(_ number: UInt64) throws(FerryError) -> Ext4Group {
        let perBlock = superblock.descriptorsPerBlock
        let block = superblock.descriptorBlock(number / perBlock)
        guard block < superblock.blockCount else {
            throw .inconsistentMap("group \(number)'s descriptor lies outside of the file system")
        }
        let size = superblock.descriptorSize
        let offset = block * superblock.blockSize + number % perBlock * UInt64(size)
        return try Ext4Group(try cache.bytes(at: offset, count: size), number: number, in: superblock)
    }

    /// The free blocks of a group, counted from the group's first block.
    private func runs(of number: UInt64) throws(FerryError) -> BlockRuns {
        let known: BlockRuns? = state.withLock { state in
            if state.distrusted.contains(number) { return BlockRuns() }
            guard let index = state.groups.firstIndex(where: { $0.number == number }) else { return nil }
            let entry = state.groups.remove(at: index)
            state.groups.append(entry)
            return entry.runs
        }
        if let known { return known }
        let runs = try load(number)
        state.withLock { state in
            state.groups.append((number, runs))
            // A group of 4 KiB blocks has at most 16 384 runs, in 256 KiB.
            while state.groups.count > 8
                || state.groups.count > 1 && state.groups.reduce(0, { $0 + $1.runs.runs.count }) > 65_536
            {
                state.groups.removeFirst()
            }
        }
        return runs
    }

    private func load(_ number: UInt64) throws(FerryError) -> BlockRuns {
        let group = try descriptor(number)
        let start = superblock.firstBlock(of: number)
        let count = superblock.blockCount(of: number)
        let ratio = superblock.clusterRatio
        let clusters = (count + ratio - 1) / ratio
        var runs = BlockRuns()
        let reserved = (superblock.reservedBlocks(number) + ratio - 1) / ratio * ratio
        if group.isUninitialized {
            runs.append(first: 0, count: clusters * ratio)
            runs.remove(first: 0, count: reserved)
            for part in group.metadata(in: superblock)
            where part.first + part.count > start && part.first < start + count {
                let first = (max(part.first, start) - start) / ratio * ratio
                let end = (part.first + part.count - start + ratio - 1) / ratio * ratio
                runs.remove(first: first, count: end - first)
            }
            guard runs.total <= group.freeClusters * ratio else {
                throw .inconsistentMap("group \(number)'s free count is too small for a group that was never used")
            }
        } else {
            let bitmap = try cache.bytes(at: group.blockBitmap * superblock.blockSize, count: Int(superblock.blockSize))
            try group.check(bitmap, in: superblock)
            runs = try BlockRuns(clearBitsOf: bitmap, bits: Int(clusters), scale: ratio)
            guard runs.total == group.freeClusters * ratio else {
                throw .inconsistentMap("group \(number)'s bitmap disagrees with its free count")
            }
            guard !runs.intersects(first: 0, count: reserved) else {
                throw .inconsistentMap("group \(number)'s copy of the superblock lies in blocks that count as free")
            }
        }
        // The last cluster may reach beyond the end of the file system.
        runs.remove(first: count, count: clusters * ratio - count)
        return runs
    }
}
