public import FerryCore

/// How large a disk is and in which units its hardware works.
public struct DiskGeometry: Hashable, Sendable {
    /// What stands behind the path.
    public enum Kind: String, Sendable {
        /// A block device of the kernel.
        case blockDevice = "block-device"
        /// A regular file that holds the bytes of a disk.
        case imageFile = "image-file"
    }

    /// Length of the disk in bytes.
    public var size: ByteCount
    /// The smallest unit the disk can be addressed in, in bytes: 512 or 4096.
    public var logicalBlockSize: ByteCount
    /// The smallest unit the disk writes without reading first, in bytes.
    public var physicalBlockSize: ByteCount
    /// What stands behind the path.
    public var kind: Kind

    /// A geometry with all its parts.
    public init(size: ByteCount, logicalBlockSize: ByteCount, physicalBlockSize: ByteCount, kind: Kind) {
        self.size = size
        self.logicalBlockSize = logicalBlockSize
        self.physicalBlockSize = physicalBlockSize
        self.kind = kind
    }

    /// The whole disk as one run.
    public var wholeDisk: Extent { Extent(start: .zero, length: size) }
}
