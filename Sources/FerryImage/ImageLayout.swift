public import FerryCore

/// The fixed grid that every disk is laid on: blocks, and regions of blocks.
///
/// The block is the unit of comparison, the region the unit of the manifest. Chunks lie within a region, so that a
/// change stays a change of one region, however the chunks are cut.
public enum ImageLayout {
    /// Bytes of a block: the unit in which file systems place data, and the grain of a delta.
    public static let blockSize = 4096
    /// Blocks of a region.
    public static let regionBlocks = 256
    /// Bytes of a region: 1 MiB.
    public static let regionSize = blockSize * regionBlocks

    /// How many regions a disk of `size` bytes has; the last may be short.
    public static func regionCount(ofDisk size: ByteCount) -> Int {
        Int((size.bytes + UInt64(regionSize) - 1) / UInt64(regionSize))
    }

    /// The bytes of the disk that region `index` covers; empty beyond the end.
    public static func extent(ofRegion index: Int, disk size: ByteCount) -> Extent {
        let start = min(UInt64(index) * UInt64(regionSize), size.bytes)
        let end = min(start + UInt64(regionSize), size.bytes)
        return Extent(from: ByteCount(start), to: ByteCount(end))
    }

    /// How many blocks region `index` has: 256, or fewer in the last; the very last block may be short.
    public static func blockCount(ofRegion index: Int, disk size: ByteCount) -> Int {
        let length = extent(ofRegion: index, disk: size).length.int
        return (length + blockSize - 1) / blockSize
    }
}
