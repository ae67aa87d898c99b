public import FerryCore

/// Something that can be read like a disk: the disk itself, or a decorator around another reader.
///
/// A reader may be used by several threads at a time.
public protocol DiskReader: Sendable {
    /// The size and the units, as they were when the reader was opened.
    var geometry: DiskGeometry { get }

    /// The name that errors carry: the path it was opened by.
    var name: String { get }

    /// The number of the block device behind, by which mounted file systems are found; nil if there is none.
    var device: DeviceNumber? { get }

    /// Fills the whole of `buffer` with the bytes at `offset`.
    ///
    /// - Throws: `FerryError` with `ErrorCode.diskReadFailed`, whose subject names the first byte that could not be
    ///   read; `ErrorCode.diskChangedSize` if the disk ends before the buffer is full; `ErrorCode.diskGone` if the
    ///   device has been removed. The buffer's contents are then undefined.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: ByteCount) throws(FerryError)
}

extension DiskReader {
    /// No device: true of everything but a device.
    public var device: DeviceNumber? { nil }
}
