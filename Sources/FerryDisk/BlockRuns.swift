internal import FerryCore

/// Runs of free blocks in one part of a file system (a group, an allocation group), ascending.
struct BlockRuns {
    /// The number of the first block and how many there are, counted from the start of the part.
    struct Run: Equatable {
        var first: UInt64
        var count: UInt64
    }

    private(set) var runs: [Run] = []
    /// How many blocks all runs have.
    private(set) var total: UInt64 = 0

    init() {}

    /// The runs of zero bits among the first `bits` of `bitmap`, the least significant bit of a byte first; each bit
    /// stands for `scale` blocks.
    init(clearBitsOf bitmap: DiskBytes, bits: Int, scale: UInt64) throws(FerryError) {
        guard bits <= bitmap.count * 8 else { throw .inconsistentMap("a bitmap is too short") }
        var start: Int?
        var position = 0
        while position < bits {
            // Bits beyond the bitmap's last whole word read as used, and `bits` ends the loop before they matter.
            let word = try BlockRuns.word(bitmap, position / 64)
            let rest = word >> UInt64(position % 64)
            if start == nil {
                let skip = min((~rest).trailingZeroBitCount, 64 - position % 64)
                position += skip
                if skip < 64 - (position - skip) % 64 { start = position }
            } else {
                let skip = min(rest.trailingZeroBitCount, 64 - position % 64)
                let wasAt = position
                position += skip
                if skip < 64 - wasAt % 64, let first = start {
                    append(first: UInt64(first) * scale, count: UInt64(min(position, bits) - first) * scale)
                    start = nil
                }
            }
        }
        if let first = start, first < bits {
            append(first: UInt64(first) * scale, count: UInt64(bits - first) * scale)
        }
    }

    private static func word(_ bitmap: DiskBytes, _ index: Int) throws(FerryError) -> UInt64 {
        if index * 8 + 8 <= bitmap.count { return try bitmap.little(index * 8) }
        var word = ~UInt64(0)
        for (shift, byte) in try bitmap.slice(index * 8, count: bitmap.count - index * 8).enumerated() {
            word &= ~(UInt64(~byte) << UInt64(shift * 8))
        }
        return word
    }

    /// Adds a run after the others; joins it to the last if they touch.
    mutating func append(first: UInt64, count: UInt64) {
        guard count > 0 else { return }
        total += count
        if let last = runs.last, last.first + last.count == first {
            runs[runs.count - 1].count += count
        } else {
            runs.append(Run(first: first, count: count))
        }
    }

    /// Takes blocks out of the runs.
    mutating func remove(first: UInt64, count: UInt64) {
        guard count > 0 else { return }
        let end = first + count
        var kept = BlockRuns()
        for run in runs {
            let runEnd = run.first + run.count
            if run.first < first { kept.append(first: run.first, count: min(runEnd, first) - run.first) }
            if runEnd > end { kept.append(first: max(run.first, end), count: runEnd - max(run.first, end)) }
        }
        self = kept
    }

    /// Whether any of the blocks is in a run.
    func intersects(first: UInt64, count: UInt64) -> Bool {
        let index = indexOfFirst(endingAfter: first)
        return count > 0 && index < runs.count && runs[index].first < first + count
    }

    /// The place of the first run that has a block after `block`, or is at it.
    func indexOfFirst(endingAfter block: UInt64) -> Int {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].first + runs[middle].count > block { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Calls `body` with the runs, as bytes of the disk, clipped to `range`.
    func extents(from base: ByteCount, blockSize: UInt64, in range: Extent, _ body: (Extent) -> Void) {
        let first = range.start > base ? (range.start - base).bytes / blockSize : 0
        for run in runs[indexOfFirst(endingAfter: first)...] {
            let start = base + ByteCount(run.first * blockSize)
            if start >= range.end { return }
            let extent = Extent(start: start, length: ByteCount(run.count * blockSize))
            if let clipped = extent.intersection(range) { body(clipped) }
        }
    }
}
