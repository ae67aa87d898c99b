/// A tiny xfs without checksums, which mkfs would refuse to make: two allocation groups of 64 blocks of 512 bytes, a log
/// that was written out, and a tree of two levels in the second group.
struct HandMadeXFS {
    var bytes = [UInt8](repeating: 0, count: 128 * 512)

    /// The free runs of both groups, in blocks of the file system.
    static let free = [8..<16, 40..<64, 64 + 10..<64 + 20, 64 + 30..<64 + 31, 64 + 50..<64 + 64]

    init() {
        text("XFSB", at: 0)
        put(512, at: 4, 4)
        put(128, at: 8, 8)
        put(32, at: 48, 8)
        put(64, at: 84, 4)
        put(2, at: 88, 4)
        put(8, at: 96, 4)
        put(4, at: 100, 2)
        put(512, at: 102, 2)
        bytes[124] = 6
        header(of: 0, freeBlocks: 32, levels: 1, bySize: 5)
        node(4, level: 0, [(8, 8), (40, 24)])
        header(of: 1, freeBlocks: 25, levels: 2, bySize: 7)
        node(64 + 4, level: 1, [(10, 10), (50, 14)])
        // Behind room for 41 keys are the pointers.
        put(5, at: (64 + 4) * 512 + 16 + 41 * 8, 4)
        put(6, at: (64 + 4) * 512 + 16 + 41 * 8 + 4, 4)
        node(64 + 5, level: 0, [(10, 10), (30, 1)])
        node(64 + 6, level: 0, [(50, 14)])
        // The same by size.
        node(5, level: 0, [(8, 8), (40, 24)], "ABTC")
        node(64 + 7, level: 0, [(30, 1), (10, 10), (50, 14)], "ABTC")
        // The log: one record of one operation, which says that the file system was unmounted.
        put(0xFEED_BABE, at: 32 * 512, 4)
        put(1, at: 32 * 512 + 4, 4)
        put(2, at: 32 * 512 + 8, 4)
        put(512, at: 32 * 512 + 12, 4)
        put(1, at: 32 * 512 + 16, 4)
        put(1, at: 32 * 512 + 40, 4)
        put(1, at: 33 * 512, 4)
        bytes[33 * 512 + 9] = 0x20
    }

    private mutating func header(of group: Int, freeBlocks: UInt64, levels: UInt64, bySize: UInt64) {
        let start = group * 64 * 512 + 512
        text("XAGF", at: start)
        put(UInt64(group), at: start + 8, 4)
        put(64, at: start + 12, 4)
        put(4, at: start + 16, 4)
        put(bySize, at: start + 20, 4)
        put(levels, at: start + 28, 4)
        put(1, at: start + 32, 4)
        put(freeBlocks, at: start + 52, 4)
    }

    private mutating func node(_ block: Int, level: UInt64, _ records: [(UInt64, UInt64)], _ magic: String = "ABTB") {
        let start = block * 512
        text(magic, at: start)
        put(level, at: start + 4, 2)
        put(UInt64(records.count), at: start + 6, 2)
        for (index, record) in records.enumerated() {
            put(record.0, at: start + 16 + index * 8, 4)
            put(record.1, at: start + 16 + index * 8 + 4, 4)
        }
    }

    private mutating func text(_ text: String, at offset: Int) {
        bytes.replaceSubrange(offset..<(offset + text.utf8.count), with: text.utf8)
    }

    /// Most significant byte first.
    private mutating func put(_ value: UInt64, at offset: Int, _ width: Int) {
        for index in 0..<width {
            bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64((width - 1 - index) * 8))
        }
    }
}
