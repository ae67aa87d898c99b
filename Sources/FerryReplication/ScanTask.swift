internal import FerryCore
internal import FerryDisk
internal import FerryImage
internal import FerryWire
internal import NIOCore

/// What a scan counted.
struct ScanCounts: Sendable {
    /// Bytes that were looked at or known to be unused.
    var scanned = 0
    /// Bytes read from the disk.
    var read = 0
    /// Calls that read them.
    var readCalls = 0
    /// Seconds that the calls took.
    var readSeconds = 0.0
    /// Bytes of blocks that the file systems do not use.
    var unused = 0
    /// Bytes of blocks that were read and hold only zeros.
    var zero = 0
    /// Bytes of blocks with content.
    var data = 0
    /// Bytes of blocks that are as they were.
    var unchanged = 0
    /// Bytes of blocks that could not be read.
    var damaged = 0
}

/// Scans some regions of one disk on a worker thread.
struct ScanTask: Sendable {
    struct Outcome: Sendable {
        /// Regions that are to be offered, each with a buffer.
        var regions: [Batch.Region] = []
        /// Regions without content that are to be offered.
        var empty: [EmptyRange] = []
        /// Buffers that were not needed.
        var freeBuffers: [RegionBuffer] = []
        var counts = ScanCounts()
        /// Runs that could not be read.
        var damaged: [Extent] = []
    }

    let disk: any DiskReader
    let usage: DiskUsage
    let map: BlockMap
    let pass: UInt64
    /// The regions to look at.
    let regions: [Int]
    /// Whether they are to be offered in full, whatever is remembered of them.
    let inFull: Bool
    /// As many as there are regions.
    let buffers: [RegionBuffer]

    /// - Throws: `FerryError` if the disk as a whole is gone, does not answer any more or has changed its size, or the map
    ///   cannot be written.
    func run(_ memory: ScanMemory) throws -> Outcome {
        var outcome = Outcome()
        for (index, buffer) in zip(regions, buffers) {
            if let region = try scan(index, buffer, memory, &outcome) {
                outcome.regions.append(region)
            } else {
                outcome.freeBuffers.append(buffer)
            }
        }
        let damaged = outcome.damaged.reduce(0) { $0 + $1.length.int }
        if damaged == outcome.counts.read, damaged >= ScanTask.muchDamage { try readFirstBlock() }
        return outcome
    }

    /// So much in a row is hardly ever unreadable on a disk that is still there.
    private static let muchDamage = 1 << 20

    /// A disk that no longer answers at all, as over a path that is lost, is not a disk full of bad blocks: what was
    /// copied of it before must not be given up for that.
    private func readFirstBlock() throws {
        (disk as? Disk)?.discardCache()
        try withUnsafeTemporaryAllocation(byteCount: ImageLayout.blockSize, alignment: 4096) { block in
            try disk.read(into: block, at: .zero)
        }
    }

    /// - Returns: the region if it has content to be offered.
    private func scan(
        _ index: Int,
        _ buffer: RegionBuffer,
        _ memory: ScanMemory,
        _ outcome: inout Outcome
    ) throws -> Batch.Region? {
        let extent = ImageLayout.extent(ofRegion: index, disk: disk.geometry.size)
        outcome.counts.scanned += extent.length.int
        let entry = inFull ? nil : map.entry(index)
        if let entry, entry.pass == pass { return nil }
        let unused = unusedBlocks(of: extent)
        let blocks = ImageLayout.blockCount(ofRegion: index, disk: disk.geometry.size)
        if unused.count(in: 0..<blocks) == blocks {
            outcome.counts.unused += extent.length.int
            if let entry, entry.content == .unused {
                try map.confirm(index, entry, pass: pass)
            } else {
                ScanTask.append(index, .unused, to: &outcome.empty)
            }
            return nil
        }
        let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<extent.length.int])
        let damaged = try read(extent, unused, blocks, into: bytes, &outcome)
        let remembered = UnsafeMutableBufferPointer(rebasing: memory.remembered[..<blocks])
        let isRemembered = entry.map { map.readTags(index, $0, into: remembered) } ?? false
        let base = isRemembered ? UnsafeBufferPointer(remembered) : nil
        let content = UnsafeRawBufferPointer(bytes)
        let offered = try memory.withScan(map.key) { scan -> (OfferedRegion, [BlockTag])? in
            let isChanged = scan.tag(content, unused: unused, damaged: damaged, remembered: base)
            count(scan.tags, extent.length.int, scan.changed, &outcome.counts)
            if !isChanged, let entry {
                try map.confirm(index, entry, pass: pass)
                return nil
            }
            scan.cut(content, remembered: base)
            let offered = OfferedRegion(
                index: UInt32(index),
                leaf: scan.leaf,
                runs: Array(scan.runs),
                changed: scan.changed
            )
            return (offered, Array(scan.tags))
        }
        guard let (region, tags) = offered else { return nil }
        if region.runs.count == 1, region.runs[0].kind == .zero {
            ScanTask.append(index, .zero, to: &outcome.empty)
            return nil
        }
        return Batch.Region(offered: region, tags: tags, buffer: buffer, length: extent.length.int)
    }

    static func append(_ index: Int, _ kind: RunKind, to ranges: inout [EmptyRange]) {
        if let last = ranges.last, last.kind == kind, Int(last.first + last.count) == index {
            ranges[ranges.count - 1].count += 1
        } else {
            ranges.append(EmptyRange(first: UInt32(index), count: 1, kind: kind))
        }
    }

    private func unusedBlocks(of extent: Extent) -> BlockSet {
        var set = BlockSet()
        for run in usage.unusedExtents(in: extent) {
            let from = (run.start - extent.start).int / ImageLayout.blockSize
            let to = ((run.end - extent.start).int + ImageLayout.blockSize - 1) / ImageLayout.blockSize
            set.insert(contentsOf: from..<to)
        }
        return set
    }

    /// Reads what is used of a region, in as few calls as its runs allow; gaps of less than 64 KiB are read over.
    private func read(
        _ extent: Extent,
        _ unused: BlockSet,
        _ blocks: Int,
        into bytes: UnsafeMutableRawBufferPointer,
        _ outcome: inout Outcome
    ) throws(FerryError) -> BlockSet {
        var damaged = BlockSet()
        var block = 0
        while block < blocks {
            guard !unused.contains(block) else {
                block += 1
                continue
            }
            var end = block + 1
            var last = block + 1
            while end < blocks, end - last < 16 {
                end += 1
                if !unused.contains(end - 1) { last = end }
            }
            let from = block * ImageLayout.blockSize
            let to = min(last * ImageLayout.blockSize, bytes.count)
            let part = UnsafeMutableRawBufferPointer(rebasing: bytes[from..<to])
            let began = NIODeadline.now()
            defer {
                outcome.counts.readCalls += 1
                outcome.counts.readSeconds += Double((NIODeadline.now() - began).nanoseconds) / 1e9
            }
            for run in try disk.readSalvaging(into: part, at: extent.start + ByteCount(from)) {
                outcome.damaged.append(run)
                let first = (run.start - extent.start).int / ImageLayout.blockSize
                let after = ((run.end - extent.start).int + ImageLayout.blockSize - 1) / ImageLayout.blockSize
                damaged.insert(contentsOf: first..<after)
            }
            outcome.counts.read += to - from
            block = last
        }
        return damaged
    }

    private func count(
        _ tags: UnsafeBufferPointer<BlockTag>,
        _ length: Int,
        _ changed: BlockSet,
        _ counts: inout ScanCounts
    ) {
        for (block, tag) in tags.enumerated() {
            let bytes = min(ImageLayout.blockSize, length - block * ImageLayout.blockSize)
            if tag.hasSameContent(as: .zero) {
                counts.zero += bytes
            } else if tag.hasSameContent(as: .unused) {
                counts.unused += bytes
            } else if tag.hasSameContent(as: .damaged) {
                counts.damaged += bytes
            } else {
                counts.data += bytes
                if !changed.contains(block) { counts.unchanged += bytes }
            }
        }
    }
}
