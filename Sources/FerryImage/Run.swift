public import FerryCore

/// What a run of blocks holds.
public enum RunKind: UInt8, Sendable {
    /// Blocks that were read and hold only zeros.
    case zero = 0
    /// Blocks that the file system does not use; not read, zero in the image.
    case unused = 1
    /// Blocks with content, named by its digest.
    case chunk = 2
    /// Blocks that the source could not read; zero in the image, and said to be damaged.
    case damaged = 3
}

/// A run of 1 to 256 blocks of one region, all of one kind; a run of data is one chunk.
public struct Run: Hashable, Sendable {
    /// What the blocks hold.
    public var kind: RunKind
    /// How many blocks: 1 ... 256.
    public var blocks: Int
    /// The chunk's name; zero bytes for the other kinds.
    public var digest: Digest

    /// A run of `blocks` blocks.
    public init(_ kind: RunKind, blocks: Int, digest: Digest = Digest()) {
        self.kind = kind
        self.blocks = blocks
        self.digest = digest
    }
}
