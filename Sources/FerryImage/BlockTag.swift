internal import CXXHash

/// What the source remembers of one block: whether it was zero, unused or damaged, or a keyed hash of its content;
/// and whether a run ended with it.
///
/// 16 bytes as stored. The lowest bit of the first word is the run's end, so that a later pass knows the old runs
/// without keeping their digests.
@frozen
public struct BlockTag: Sendable {
    /// The hash's lower half, without its lowest bit, and the mark of a run's end.
    @usableFromInline var low: UInt64
    /// The hash's upper half.
    @usableFromInline var high: UInt64

    @inlinable
    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    /// Nothing is remembered.
    public static let unknown = BlockTag(low: 0, high: 0)
    /// The block was read and held only zeros.
    public static let zero = BlockTag(low: 0, high: 1)
    /// The file system did not use the block.
    public static let unused = BlockTag(low: 0, high: 2)
    /// The block could not be read.
    public static let damaged = BlockTag(low: 0, high: 3)

    /// Whether both stand for the same content.
    @inlinable
    public func hasSameContent(as other: BlockTag) -> Bool {
        (low ^ other.low) & ~1 == 0 && high == other.high
    }

    /// Whether a run ended with the block.
    @inlinable
    public var endsRun: Bool {
        get { low & 1 == 1 }
        set { low = newValue ? low | 1 : low & ~1 }
    }
}

/// The secret with which a job's block tags are made, so that nobody can make up a block that looks unchanged.
///
/// XXH3 128-bit with a custom secret (xxHash specification, XXH3 section).
public struct BlockTagKey: Sendable {
    /// Bytes of a key.
    public static let byteCount = 192

    /// The key's bytes, to be kept with the tags.
    public let bytes: [UInt8]

    /// A key of the 192 bytes `bytes`; traps on any other number.
    public init(bytes: [UInt8]) {
        precondition(bytes.count == BlockTagKey.byteCount)
        self.bytes = bytes
    }

    /// A key of random bytes.
    public static func random() -> BlockTagKey {
        var generator = SystemRandomNumberGenerator()
        return BlockTagKey(bytes: (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// The tag of a block with the content `block`.
    @inline(__always)
    static func tag(of block: UnsafeRawBufferPointer, secret: UnsafeRawPointer) -> BlockTag {
        let hash = ferry_xxh3_128_keyed(block.baseAddress, block.count, secret, byteCount)
        return BlockTag(low: hash.low64 & ~1, high: hash.high64)
    }
}
