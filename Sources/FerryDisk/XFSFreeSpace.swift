internal import FerryCore

/// The free space of one allocation group: the trees of free runs by place and by size. "XFS Algorithms & Data Structures", chapters
/// "AG Free Space Management" and "B+trees".
///
/// Blocks of the group's free list (AGFL) are in neither tree, and count as used.
struct XFSFreeSpace {
    private let cache: MetadataCache
    private let superblock: XFSSuperblock
    private let group: UInt64
    private let byPlace: Tree
    private let bySize: Tree
    /// The number of free blocks the group's header speaks of.
    let freeBlocks: UInt64

    /// One of the two trees of free runs.
    private struct Tree {
        /// What its blocks begin with, in version 4 and since version 5.
        var magics: (old: StaticString, new: StaticString)
        var root: UInt64
        var levels: Int
    }

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
        byPlace = Tree(
            magics: ("ABTB", "AB3B"),
            root: UInt64(try header.big(16, as: UInt32.self)),
            levels: Int(try header.big(28, as: UInt32.self))
        )
        bySize = Tree(
            magics: ("ABTC", "AB3C"),
            root: UInt64(try header.big(20, as: UInt32.self)),
            levels: Int(try header.big(32, as: UInt32.self))
        )
        freeBlocks = UInt64(try header.big(52, as: UInt32.self))
        // Nine levels hold more runs than an allocation group can have blocks.
        guard (1...9).contains(byPlace.levels), (1...9).contains(bySize.levels) else {
            throw wrong("an impossible number of levels")
        }
    }

    /// Calls `body` with the free runs that have a block in `wanted`, in blocks from the start of the group.
    func runs(in wanted: Range<UInt64>, _ body: (UInt64, UInt64) -> Void) throws(FerryError) {
        var walk = Walk(wanted: wanted, position: 0)
        let whole = 0..<superblock.length(of: group)
        try visit(byPlace.root, level: byPlace.levels - 1, within: whole, &walk, body)
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
        let (block, count) = try node(number, level: level, of: byPlace)
        if level == 0 { return try leaf(block, count, bounds, &walk, body) }
        guard count > 0 else { throw wrong("an empty branch") }
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
        _ bounds: Range<UInt64>,
        _ walk: inout Walk,
        _ body: (UInt64, UInt64) -> Void
    ) throws(FerryError) {
        guard count > 0 || byPlace.levels == 1 else { throw wrong("an empty leaf") }
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

    /// Checks that both trees hold the same runs, which is what gives away a flipped bit where there are no checksums,
    /// and that they add up to the number in the header.
    func check() throws(FerryError) {
        var total: UInt64 = 0
        var sum: UInt64 = 0
        try runs(in: 0..<superblock.length(of: group)) { first, count in
            total += count
            sum &+= XFSFreeSpace.mixed(first, count)
        }
        guard total == freeBlocks else { throw wrong("runs that disagree with the group's header") }
        var last: (UInt64, UInt64) = (0, 0)
        try addBySize(bySize.root, level: bySize.levels - 1, &last, &sum)
        guard sum == 0 else { throw wrong("other runs by place than by size") }
    }

    /// Takes what the tree by size holds off the sum. Its runs ascend too, so a tree that leads back is noticed.
    private func addBySize(
        _ number: UInt64,
        level: Int,
        _ last: inout (UInt64, UInt64),
        _ sum: inout UInt64
    ) throws(FerryError) {
        let (block, count) = try node(number, level: level, of: bySize)
        guard count > 0 || bySize.levels == 1 else { throw wrong("an empty block") }
        for index in 0..<count {
            if level > 0 {
                let child = UInt64(try block.big(pointers + index * 4, as: UInt32.self))
                try addBySize(child, level: level - 1, &last, &sum)
                continue
            }
            let first = UInt64(try block.big(header + index * 8, as: UInt32.self))
            let length = UInt64(try block.big(header + index * 8 + 4, as: UInt32.self))
            guard last < (length, first) else { throw wrong("runs out of order") }
            last = (length, first)
            sum &-= XFSFreeSpace.mixed(first, length)
        }
    }

    /// A number that differs in about half of its bits for another run. The finalizer of SplitMix64.
    private static func mixed(_ first: UInt64, _ count: UInt64) -> UInt64 {
        var word = first << 32 | count
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    /// Length of the head of a block of a tree.
    private var header: Int { superblock.hasChecksums ? 56 : 16 }
    /// Where the pointers of a branch begin: behind room for as many keys as fit with them.
    private var pointers: Int { header + (Int(superblock.blockSize) - header) / 12 * 8 }

    /// Reads and checks one block of a tree; returns it and how many entries it has.
    private func node(_ number: UInt64, level: Int, of tree: Tree) throws(FerryError) -> (DiskBytes, Int) {
        guard number > 0, number < superblock.length(of: group) else { throw wrong("a block outside of the group") }
        let offset = superblock.offset(of: group) + number * superblock.blockSize
        let block = try cache.bytes(at: offset, count: Int(superblock.blockSize))
        if superblock.hasChecksums {
            guard block.has(tree.magics.new, at: 0), try block.big(16, as: UInt64.self) == offset / 512,
                Array(try block.slice(32, count: 16)) == superblock.metadataUUID,
                try block.big(48, as: UInt32.self) == group
            else { throw wrong("a block that belongs elsewhere") }
            try XFSSuperblock.check(block, at: 52, "free space tree")
        } else {
            guard block.has(tree.magics.old, at: 0) else { throw wrong("a block that belongs elsewhere") }
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
