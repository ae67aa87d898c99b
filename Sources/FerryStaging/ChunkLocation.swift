internal import FerryCore
internal import FerryImage

/// Where a chunk was written: good until something else is written there, so whoever uses it hashes what it reads.
struct ChunkLocation: Hashable, Sendable {
    /// The volume's number.
    var volume: UInt32
    /// The first block, counted from the start of the disk.
    var block: UInt64
    /// How many blocks: 1 ... 256.
    var blocks: Int

    /// 12 bytes: the volume, then the block and the blocks less one in one word.
    var encoded: [UInt8] {
        withUnsafeBytes(of: volume.bigEndian, Array.init)
            + withUnsafeBytes(of: (block << 8 | UInt64(blocks - 1)).bigEndian, Array.init)
    }

    init(volume: UInt32, block: UInt64, blocks: Int) {
        self.volume = volume
        self.block = block
        self.blocks = blocks
    }

    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 12 else { return nil }
        volume = UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
        let word = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt64.self))
        block = word >> 8
        blocks = Int(word & 255) + 1
    }
}

extension Digest {
    /// The key under which the chunk index knows a chunk: the first eight bytes of its name. Two chunks with one key
    /// cost a chunk sent twice, nothing more, since every use hashes what it finds.
    var indexKey: UInt64 { UInt64(bigEndian: words.0) }
}
