internal import FerryCore
internal import Synchronization

/// The free blocks of an xfs, from the free space trees of its allocation groups.
///
/// A group's tree is believed if every block of it has the right magic number, level, order and place (and, since
/// version 5, checksum and owner), if its runs add up to the number in the group's header, and if the tree of the same runs
/// by size agrees.
final class XFSMap: UsageMap {
    let region: Extent
    let superblock: XFSSuperblock
    private let isLive: Bool
    private let cache: MetadataCache
    /// Groups that would not come to rest; they count as used.
    private let distrusted = Mutex<Set<UInt64>>([])

    /// A map of the file system in `region` of `disk`.
    /// - Throws: `FerryError` if the superblock is not consistent, or the file system is larger than the region.
    init(of disk: any DiskReader, region: Extent, isLive: Bool) throws(FerryError) {
        let cache = MetadataCache(disk, region: region)
        let length = Int(min(region.length.bytes, 64 << 10))
        let superblock = try XFSSuperblock(try cache.bytes(at: 0, count: length))
        guard superblock.blockCount <= region.length.bytes / superblock.blockSize else {
            throw .inconsistentMap("the file system is larger than its partition")
        }
        self.cache = cache
        self.superblock = superblock
        self.region = region
        self.isLive = isLive
    }

    /// Whether the log has been written out; nil if it is on another device.
    func hasCleanLog() throws(FerryError) -> Bool? {
        guard let log = XFSLog(cache, superblock) else { return nil }
        return try log.isClean()
    }

    func unusedExtents(in range: Extent, _ body: (Extent) -> Void) throws(FerryError) {
        guard let wanted = range.intersection(region) else { return }
        let size = superblock.blockSize
        let first = (wanted.start - region.start).bytes / size
        let end = min(superblock.blockCount, ((wanted.end - region.start).bytes + size - 1) / size)
        guard first < end else { return }
        for group in (first / superblock.groupBlocks)...((end - 1) / superblock.groupBlocks) {
            guard !distrusted.withLock({ $0.contains(group) }) else { continue }
            let base = group * superblock.groupBlocks
            let from = max(first, base) - base
            let to = min(end - base, superblock.length(of: group))
            try XFSFreeSpace(cache, superblock, group: group).runs(in: from..<to) { start, count in
                let run = Extent(
                    start: region.start + ByteCount((base + start) * size),
                    length: ByteCount(count * size)
                )
                if let part = run.intersection(wanted) { body(part) }
            }
        }
    }

    func survey(_ body: (Extent) -> Void) throws(FerryError) -> [Finding] {
        for group in 0..<superblock.groupCount {
            var attempt = 1
            while true {
                do throws(FerryError) {
                    try XFSFreeSpace(cache, superblock, group: group).check()
                    try emit(group, body)
                    break
                } catch {
                    guard isLive, error.code == .diskBadUsageMap else { throw error }
                    cache.forget()
                    if attempt == 3 {
                        distrusted.withLock { _ = $0.insert(group) }
                        break
                    }
                    attempt += 1
                }
            }
        }
        let count = distrusted.withLock { $0.count }
        guard count > 0 else { return [] }
        return [
            Finding(
                .mapInconsistent,
                at: region,
                "The free space of \(count) of \(superblock.groupCount) allocation groups changed while it was looked "
                    + "at: these groups are copied whole."
            )
        ]
    }

    /// Gives out a group's runs in slices, so that a scattered group does not fill the memory.
    private func emit(_ group: UInt64, _ body: (Extent) -> Void) throws(FerryError) {
        let start = region.start + ByteCount(superblock.offset(of: group))
        let end = start + ByteCount(superblock.length(of: group) * superblock.blockSize)
        let slice = ByteCount(superblock.blockSize << 16)
        var position = start
        while position < end {
            var runs: [Extent] = []
            let next = min(end, position + slice)
            try unusedExtents(in: Extent(from: position, to: next)) { runs.append($0) }
            runs.forEach(body)
            position = next
        }
    }
}
