public import FerryCore

/// What became of a run of blocks since the region was last acknowledged.
public enum RegionRunKind: UInt8, Sendable {
    /// Read, and only zeros.
    case zero = 0
    /// Not used by the file system.
    case unused = 1
    /// Content that shares nothing with what was there.
    case chunk = 2
    /// Could not be read.
    case damaged = 3
    /// The same runs as before.
    case keep = 4
    /// Content of which some blocks are as they were.
    case patch = 5
}

/// One run of a scanned region.
public struct RegionRun: Sendable {
    /// What became of the blocks.
    public var kind: RegionRunKind
    /// The first block, counted from the region's start.
    public var start: Int
    /// How many blocks.
    public var blocks: Int
    /// The digest of the whole run, for `chunk` and `patch`.
    public var digest: Digest

    /// A run of `blocks` blocks from `start`.
    public init(_ kind: RegionRunKind, start: Int, blocks: Int, digest: Digest = Digest()) {
        self.kind = kind
        self.start = start
        self.blocks = blocks
        self.digest = digest
    }
}

/// A set of the blocks of one region.
public struct BlockSet: Hashable, Sendable {
    /// One bit for each block, from the lowest bit of the first word.
    public var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// The empty set.
    public init() {}

    /// Whether the set holds `block`; traps outside 0 ..< 256 in debug builds.
    @inlinable
    public func contains(_ block: Int) -> Bool {
        withUnsafeBytes(of: words) { $0[block >> 3] & (1 << UInt8(block & 7)) != 0 }
    }

    /// Adds `block` to the set.
    @inlinable
    public mutating func insert(_ block: Int) {
        withUnsafeMutableBytes(of: &words) { $0[block >> 3] |= 1 << UInt8(block & 7) }
    }

    /// Adds the blocks of `range` to the set.
    public mutating func insert(contentsOf range: Range<Int>) {
        for block in range { insert(block) }
    }

    /// How many blocks of `range` the set holds.
    public func count(in range: Range<Int>) -> Int {
        range.reduce(0) { $0 + (contains($1) ? 1 : 0) }
    }

    /// Whether the set holds no block.
    public var isEmpty: Bool { words.0 | words.1 | words.2 | words.3 == 0 }

    /// Whether both hold the same.
    public static func == (left: BlockSet, right: BlockSet) -> Bool {
        left.words.0 == right.words.0 && left.words.1 == right.words.1
            && left.words.2 == right.words.2 && left.words.3 == right.words.3
    }

    /// Feeds what tells one from another to `hasher`.
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0 ^ words.1 ^ words.2 ^ words.3) }
}

/// Looks at one region of a disk after another: which blocks changed, where its chunks end and what their names are.
///
/// Holds its working memory, so that scanning allocates nothing. One thread at a time.
public struct RegionScan: ~Copyable {
    /// The key that tags are made with.
    public var key: BlockTagKey
    private let tagMemory: UnsafeMutablePointer<BlockTag>
    private var runMemory: UnsafeMutablePointer<RegionRun>
    private var recordMemory: UnsafeMutableRawPointer
    private var digests = DigestBatch()

    /// How many runs the region has.
    public private(set) var runCount = 0
    /// The blocks that differ from what was remembered; all blocks when nothing was.
    public private(set) var changed = BlockSet()
    /// Blocks of the region.
    public private(set) var blockCount = 0
    /// The leaf of the region's record, valid after `cut`.
    public private(set) var leaf = Digest()

    /// A scan that makes tags with `key`.
    public init(key: BlockTagKey) {
        self.key = key
        tagMemory = .allocate(capacity: ImageLayout.regionBlocks)
        tagMemory.initialize(repeating: .unknown, count: ImageLayout.regionBlocks)
        runMemory = .allocate(capacity: ImageLayout.regionBlocks)
        runMemory.initialize(repeating: RegionRun(.zero, start: 0, blocks: 0), count: ImageLayout.regionBlocks)
        recordMemory = .allocate(byteCount: RegionRecord.longestEncoding, alignment: 8)
    }

    deinit {
        tagMemory.deallocate()
        runMemory.deallocate()
        recordMemory.deallocate()
    }

    /// The tags of the region's blocks, valid until the next `tag`.
    public var tags: UnsafeBufferPointer<BlockTag> { UnsafeBufferPointer(start: tagMemory, count: blockCount) }

    /// The runs of the region, valid after `cut` and until the next.
    public var runs: UnsafeBufferPointer<RegionRun> { UnsafeBufferPointer(start: runMemory, count: runCount) }

    /// Makes the tags of a region's blocks and compares them with `remembered`.
    /// - Parameters:
    ///   - bytes: the region's content; what is in `unused` or `damaged` is not looked at.
    ///   - unused: blocks that the file system does not use.
    ///   - damaged: blocks that could not be read.
    ///   - remembered: as many tags as the region has blocks, or nil if nothing is remembered.
    /// - Returns: whether anything differs.
    public mutating func tag(
        _ bytes: UnsafeRawBufferPointer,
        unused: BlockSet,
        damaged: BlockSet,
        remembered: UnsafeBufferPointer<BlockTag>?
    ) -> Bool {
        blockCount = (bytes.count + ImageLayout.blockSize - 1) / ImageLayout.blockSize
        changed = BlockSet()
        let tags = tagMemory
        let count = blockCount
        key.bytes.withUnsafeBytes { secret in
            guard let secret = secret.baseAddress else { return }
            for block in 0..<count {
                if unused.contains(block) {
                    tags[block] = .unused
                } else if damaged.contains(block) {
                    tags[block] = .damaged
                } else {
                    let content = RegionScan.block(block, of: bytes)
                    tags[block] = content.isZero ? .zero : BlockTagKey.tag(of: content, secret: secret)
                }
            }
        }
        guard let remembered, remembered.count >= blockCount else {
            changed.insert(contentsOf: 0..<blockCount)
            return true
        }
        for block in 0..<blockCount where !tags[block].hasSameContent(as: remembered[block]) {
            changed.insert(block)
        }
        return !changed.isEmpty
    }

    /// Cuts the region, whose tags were just made, into runs, names its chunks, and says what became of each run.
    /// - Parameters:
    ///   - bytes: the same content as given to `tag`.
    ///   - remembered: the same tags as given to `tag`; nil makes every run one that stands for itself.
    public mutating func cut(_ bytes: UnsafeRawBufferPointer, remembered: UnsafeBufferPointer<BlockTag>?) {
        let count = cutIntoRuns(bytes)
        name(bytes, runs: count)
        var recordLength = 0
        runCount = 0
        for index in 0..<count {
            let run = runMemory[index]
            let range = run.start..<(run.start + run.blocks)
            let kind = RunKind(rawValue: run.kind.rawValue) ?? .chunk
            recordLength = appendToRecord(kind, run.blocks, run.digest, at: recordLength)
            append(kind, range, run.digest, remembered)
        }
        let record = UnsafeRawBufferPointer(start: recordMemory, count: recordLength)
        leaf = SHA256.digest(prefix: MerkleTree.leafPrefix, of: record)
    }

    /// Finds the region's runs, without names, and marks their ends. Returns how many there are.
    private mutating func cutIntoRuns(_ bytes: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var start = 0
        while start < blockCount {
            let end = endOfRun(from: start, bytes)
            for block in start..<end { tagMemory[block].endsRun = block == end - 1 }
            runMemory[count] = RegionRun(tagMemory[start].kindOfRun, start: start, blocks: end - start)
            count += 1
            start = end
        }
        return count
    }

    /// Names the chunks among the first `count` runs.
    private mutating func name(_ bytes: UnsafeRawBufferPointer, runs count: Int) {
        digests.removeAll()
        for index in 0..<count where runMemory[index].kind == .chunk { digests.append(content(index, of: bytes)) }
        digests.make()
        var chunk = 0
        for index in 0..<count where runMemory[index].kind == .chunk {
            runMemory[index].digest = digests[chunk]
            chunk += 1
        }
    }

    private func content(_ run: Int, of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        RegionScan.blocks(runMemory[run].start..<(runMemory[run].start + runMemory[run].blocks), of: bytes)
    }

    /// The first block after the run that begins with `start`.
    private func endOfRun(from start: Int, _ bytes: UnsafeRawBufferPointer) -> Int {
        let first = tagMemory[start]
        let isData = !first.isWithoutContent
        var block = start
        while block < blockCount {
            if isData {
                guard !tagMemory[block].isWithoutContent else { break }
                block += 1
                if CutRule.endsChunk(RegionScan.block(block - 1, of: bytes)) { break }
            } else {
                guard tagMemory[block].hasSameContent(as: first) else { break }
                block += 1
            }
        }
        return block
    }

    private mutating func append(
        _ kind: RunKind,
        _ range: Range<Int>,
        _ digest: Digest,
        _ remembered: UnsafeBufferPointer<BlockTag>?
    ) {
        var became: RegionRunKind
        switch kind {
        case .zero: became = .zero
        case .unused: became = .unused
        case .damaged: became = .damaged
        case .chunk: became = .chunk
        }
        if let remembered {
            let changes = changed.count(in: range)
            if changes == 0, RegionScan.isWholeRuns(range, of: remembered) {
                became = .keep
            } else if kind == .chunk, changes < range.count {
                became = .patch
            }
        }
        if became == .keep, runCount > 0, runMemory[runCount - 1].kind == .keep {
            runMemory[runCount - 1].blocks += range.count
        } else {
            runMemory[runCount] = RegionRun(became, start: range.lowerBound, blocks: range.count, digest: digest)
            runCount += 1
        }
    }

    /// Whether exactly one remembered run covers `range`.
    private static func isWholeRuns(_ range: Range<Int>, of tags: UnsafeBufferPointer<BlockTag>) -> Bool {
        guard range.lowerBound == 0 || tags[range.lowerBound - 1].endsRun else { return false }
        for block in range where tags[block].endsRun != (block == range.upperBound - 1) { return false }
        return true
    }

    private func appendToRecord(_ kind: RunKind, _ blocks: Int, _ digest: Digest, at offset: Int) -> Int {
        recordMemory.storeBytes(of: kind.rawValue, toByteOffset: offset, as: UInt8.self)
        recordMemory.storeBytes(of: UInt8(blocks - 1), toByteOffset: offset + 1, as: UInt8.self)
        guard kind == .chunk else { return offset + 2 }
        recordMemory.storeBytes(of: digest, toByteOffset: offset + 2, as: Digest.self)
        return offset + 2 + Digest.byteCount
    }

    @inline(__always)
    private static func block(_ block: Int, of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        blocks(block..<(block + 1), of: bytes)
    }

    @inline(__always)
    private static func blocks(_ range: Range<Int>, of bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let from = range.lowerBound * ImageLayout.blockSize
        let to = min(range.upperBound * ImageLayout.blockSize, bytes.count)
        return UnsafeRawBufferPointer(rebasing: bytes[from..<to])
    }
}

extension BlockTag {
    /// What a run that begins with the block is.
    var kindOfRun: RegionRunKind {
        guard isWithoutContent else { return .chunk }
        return switch high {
        case BlockTag.zero.high: .zero
        case BlockTag.unused.high: .unused
        default: .damaged
        }
    }

    /// Whether the block is zero, unused, damaged or unknown, and so belongs to no chunk.
    @inline(__always)
    var isWithoutContent: Bool { low & ~1 == 0 && high < 4 }
}
