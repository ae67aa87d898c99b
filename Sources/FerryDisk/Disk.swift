public import FerryCore

/// A block device or an image file, opened for reading only. It is closed when the last reference is gone.
public final class Disk: DiskReader {
    /// How the kernel's page cache is used.
    public enum Access: Sendable {
        /// Past the cache, straight from the device (`O_DIRECT`): what is read is what is on the disk, also below a
        /// mounted file system, whose writes do not pass through the device's own cache. Falls back to `.cached` where
        /// the kernel refuses.
        case direct
        /// Through the cache, and what was read is dropped from it again, so that the source server's own working set
        /// stays.
        case droppedAfterUse
        /// Through the cache.
        case cached
    }

    public let geometry: DiskGeometry
    public let name: String

    /// Opens the disk at `path`.
    /// - Parameter access: How the page cache is used; by default direct for a block device, dropped after use for a
    ///   file.
    /// - Throws: `FerryError` with one of the codes `disk.*`.
    public init(path: String, access: Access? = nil) throws(FerryError) {
        throw FerryError(.diskOpenFailed, operation: "open the disk", subject: path, cause: "not built", advice: "")
    }

    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: ByteCount) throws(FerryError) {}

    /// The size now, to notice a disk that grows or shrinks while it is read.
    public func currentSize() throws(FerryError) -> ByteCount { geometry.size }

    /// Forgets what the page cache holds of the disk, so that later reads see what is on the disk. For the start of a
    /// pass. Best effort; does nothing for `.direct`.
    public func discardCache() {}

    /// What makes this disk this disk, for `DiskIdentity.compared(with:)`.
    public func identity() throws(FerryError) -> DiskIdentity { DiskIdentity(facts: []) }
}
