internal import FerryCore

/// The free space of one allocation group: the tree of free runs by place. "XFS Algorithms & Data Structures", chapters
/// "AG Free Space Management" and "B+trees".
///
/// Blocks of the group's free list (AGFL) are not in the tree, and count as used.
struct XFSFreeSpace {
    private let cache: MetadataCache
    private let superblock: XFSSuperblock
    private let group: UInt64
    private let root: UInt64
    private let levels: Int
    /// The number of free blocks the group's header speaks of.
    let freeBlocks: UInt64

    /// Reads the header of a group's free space, the second sector of the group.
    init(_ cache: MetadataCache, _ superblock: XFSSuperblock, group: UInt64) throws(FerryError) {
        self.cache = cache
        self.superblock = superblock
        self.group = group
        let offset = superblock.offset(of: group) + UInt64(superblock.sectorSize)
        let header = try cache.bytes(at: offset, count: superblock.sectorSize)
        guard header.has("XAGF", at: 0), try header.big(8, as: UInt32.self) == group,
            try header.big(12, as: UInt32.self) == superblock.length(of: group)
        else { throw .inconsistentMap("the header of allocation group \(group) is wrong") }
        if superblock.hasChecksums {
            try XFSSuperblock.check(header, at: 216, "allocation group \(group)")
            guard Array(try header.slice(64, count: 16)) == superblock.metadataUUID else {
                throw .inconsistentMap("allocation group \(group) belongs to another file system")
            }
        }
        root = UInt64(try header.big(16, as: UInt32.self))
        levels = Int(try header.big(28, as: UInt32.self))
        freeBlocks = UInt64(try header.big(52, as: UInt32.self))
        // Nine levels hold more runs than an allocation group can have blocks.
        guard (1...9).contains(levels) else {
            throw .inconsistentMap("the free space of allocation group \(group) has \(levels) levels")
        }
    }

    /// Calls `body` with the free runs that have a block in `wanted`, in blocks from the start of the group.
    func runs(in wanted: Range<UInt64>, _ body: (UInt64, UInt64) -> Void) throws(FerryError) {
        var walk = Walk(wanted: wanted, position: 0)
        let whole = 0..<superblock.length(of: group)
        try visit(root, level: levels - 1, within: whole, &walk, body)
    }

    private struct Walk {
        var wanted: Range<UInt64>
        /// The end of the last run: runs ascend, so a tree that leads back is noticed.
        var position: UInt64
    }

    private func visit(
        _ number: UInt64,
        level: Int,
        within bounds: Range<UInt64>,
        _ walk: inout Walk,
        _ body: (UInt64, UInt64) -> Void
    ) throws(FerryError) {
        let (block, count) = try node(number, level: level)
        let header = superblock.hasChecksums ? 56 : 16
        if level == 0 { return try leaf(block, count, header, bounds, &walk, body) }
        guard count > 0 else { throw wrong("an empty branch") }
        let pointers = header + (Int(superblock.blockSize) - header) / 12 * 8
        for index in 0..<count {
            let from = UInt64(try block.big(header + index * 8, as: UInt32.self))
            let to =
                index + 1 < count ? UInt64(try block.big(header + index * 8 + 8, as: UInt32.self)) : bounds.upperBound
            guard from >= bounds.lowerBound, from < to, to <= bounds.upperBound else {
                throw wrong("keys out of order")
            }
            if to <= walk.wanted.lowerBound { continue }
            if from >= walk.wanted.upperBound { return }
            let child = UInt64(try block.big(pointers + index * 4, as: UInt32.self))
            try visit(child, level: level - 1, within: from..<to, &walk, body)
        }
    }

    private func leaf(
        _ block: DiskBytes,
        _ count: Int,
        _ header: Int,
        _ bounds: Range<UInt64>,
        _ walk: inout Walk,
        _ body: (UInt64, UInt64) -> Void
    ) throws(FerryError) {
        guard count > 0 || levels == 1 else { throw wrong("an empty leaf") }
        let reserved = superblock.reserved(group)
        for index in 0..<count {
            let first = UInt64(try block.big(header + index * 8, as: UInt32.self))
            let length = UInt64(try block.big(header + index * 8 + 4, as: UInt32.self))
            // Two runs that touch would be one.
            guard length > 0, first >= bounds.lowerBound, first + length <= bounds.upperBound,
                first > walk.position || walk.position == 0
            else { throw wrong("runs out of order") }
            guard !reserved.contains(where: { first < $0.first + $0.count && $0.first < first + length }) else {
                throw wrong("metadata among the free blocks")
            }
            walk.position = first + length
            if first < walk.wanted.upperBound, walk.wanted.lowerBound < first + length { body(first, length) }
        }
    }

    /// Reads and checks one block of the tree; returns it and how many entries it has.
    private func node(_ number: UInt64, level: Int) throws(FerryError) -> (DiskBytes, Int) {
        guard number > 0, number < superblock.length(of: group) else { throw wrong("a block outside of the group") }
        let offset = superblock.offset(of: group) + number * superblock.blockSize
        let block = try cache.bytes(at: offset, count: Int(superblock.blockSize))
        let header: Int
        if superblock.hasChecksums {
            header = 56
            guard block.has("AB3B", at: 0), try block.big(16, as: UInt64.self) == offset / 512,
                Array(try block.slice(32, count: 16)) == superblock.metadataUUID,
                try block.big(48, as: UInt32.self) == group
            else { throw wrong("a block that belongs elsewhere") }
            try XFSSuperblock.check(block, at: 52, "free space tree")
        } else {
            header = 16
            guard block.has("ABTB", at: 0) else { throw wrong("a block that belongs elsewhere") }
        }
        let count = Int(try block.big(6, as: UInt16.self))
        let entry = level == 0 ? 8 : 12
        guard try block.big(4, as: UInt16.self) == level, count <= (Int(superblock.blockSize) - header) / entry else {
            throw wrong("a block with an impossible level or count")
        }
        return (block, count)
    }

    private func wrong(_ what: String) -> FerryError {
        .inconsistentMap("the free space tree of allocation group \(group) has \(what)")
    }
}
