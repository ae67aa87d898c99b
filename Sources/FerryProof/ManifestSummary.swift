public import FerryCore
public import FerryImage

/// What a manifest amounts to: its root, its length, and how many bytes of the disk are of which kind.
public struct ManifestSummary: Hashable, Sendable {
    /// The root of the tree over all regions.
    public var root: Digest
    /// Bytes of all region records, one after the other.
    public var length: UInt64
    /// Bytes in chunks.
    public var dataBytes: UInt64
    /// Bytes of blocks that were read and were zero.
    public var zeroBytes: UInt64
    /// Bytes of blocks that the file systems do not use.
    public var unusedBytes: UInt64
    /// Bytes of blocks that the source could not read.
    public var damagedBytes: UInt64

    /// A summary with all its parts.
    public init(
        root: Digest,
        length: UInt64,
        dataBytes: UInt64,
        zeroBytes: UInt64,
        unusedBytes: UInt64,
        damagedBytes: UInt64
    ) {
        self.root = root
        self.length = length
        self.dataBytes = dataBytes
        self.zeroBytes = zeroBytes
        self.unusedBytes = unusedBytes
        self.damagedBytes = damagedBytes
    }
}

/// Adds up a manifest region by region, in memory that does not grow with the disk.
public struct ManifestSum: Sendable {
    /// The disk's size.
    public let diskSize: ByteCount
    /// How many regions were added.
    public private(set) var regions = 0
    /// The first runs that the source could not read, to be shown to people.
    public private(set) var damaged = ExtentList()

    private var tree = MerkleTree()
    private var length: UInt64 = 0
    private var bytesOfKind: [UInt64] = [0, 0, 0, 0]

    /// A sum of nothing yet, for a disk of `diskSize`.
    public init(diskSize: ByteCount) { self.diskSize = diskSize }

    /// Whether all regions of the disk were added.
    public var isComplete: Bool { regions == ImageLayout.regionCount(ofDisk: diskSize) }

    /// What was added so far.
    public var summary: ManifestSummary {
        ManifestSummary(
            root: tree.root,
            length: length,
            dataBytes: bytes(.chunk),
            zeroBytes: bytes(.zero),
            unusedBytes: bytes(.unused),
            damagedBytes: bytes(.damaged)
        )
    }

    /// Adds the record of the next region, whose bytes are `encoded`, and returns it.
    /// - Throws: `FerryError` with `ErrorCode.manifestMalformed`.
    @discardableResult
    public mutating func append(_ encoded: UnsafeRawBufferPointer) throws(FerryError) -> RegionRecord {
        let record = try RegionRecord(
            decoding: encoded,
            blocks: ImageLayout.blockCount(ofRegion: regions, disk: diskSize)
        )
        let extent = ImageLayout.extent(ofRegion: regions, disk: diskSize)
        var start = extent.start.bytes
        for run in record.runs {
            let end = min(start + UInt64(run.blocks * ImageLayout.blockSize), extent.end.bytes)
            bytesOfKind[Int(run.kind.rawValue)] += end - start
            if run.kind == .damaged { damaged.add(Extent(from: ByteCount(start), to: ByteCount(end))) }
            start = end
        }
        tree.append(leaf: RegionRecord.leaf(ofRecord: encoded))
        length += UInt64(encoded.count)
        regions += 1
        return record
    }

    private func bytes(_ kind: RunKind) -> UInt64 { bytesOfKind[Int(kind.rawValue)] }
}

extension RegionRecord {
    /// The leaf of a record whose bytes lie in a buffer: SHA-256 of a zero byte and the bytes.
    static func leaf(ofRecord bytes: UnsafeRawBufferPointer) -> Digest { SHA256.digest(prefix: 0, of: bytes) }
}
