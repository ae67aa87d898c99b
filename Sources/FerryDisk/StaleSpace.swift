public import FerryCore

/// What is in blocks that no file system uses.
public struct StaleSpace: Sendable, Equatable {
    /// Bytes of blocks that are not zero: what deleted files have left behind. They are not copied.
    public var stale = ByteCount.zero
    /// Bytes of blocks that could not be read.
    public var unreadable = ByteCount.zero

    /// Nothing.
    public init() {}

    /// What is in both.
    public static func + (left: StaleSpace, right: StaleSpace) -> StaleSpace {
        var sum = left
        sum.stale += right.stale
        sum.unreadable += right.unreadable
        return sum
    }
}

extension DiskUsage {
    /// Reads all of `range` that nothing uses, and counts what of it is stale, by blocks of 4 KiB.
    /// - Parameters:
    ///   - disk: the disk that the usage is of.
    ///   - progress: told again and again how many bytes were read.
    /// - Throws: `FerryError` if the disk as a whole is gone or has changed its size.
    public func staleSpace(
        in range: Extent,
        on disk: any DiskReader,
        progress: (ByteCount) -> Void
    ) throws(FerryError) -> StaleSpace {
        let piece = 1 << 20
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 4096)
        defer { buffer.deallocate() }
        var found = StaleSpace()
        var done = ByteCount.zero
        // In windows, because of a large disk all runs at once would be a long list.
        var window = range.start
        while window < range.end {
            let end = min(range.end, window + .gibibytes(1))
            for extent in unusedExtents(in: Extent(from: window, to: end)) {
                var place = extent.start
                while place < extent.end {
                    let length = min(piece, (extent.end - place).int)
                    let bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<length])
                    let damaged = try disk.readSalvaging(into: bytes, at: place)
                    found.unreadable += damaged.reduce(.zero) { $0 + $1.length }
                    found.stale += StaleSpace.nonzero(UnsafeRawBufferPointer(bytes))
                    place += ByteCount(length)
                    done += ByteCount(length)
                    progress(done)
                }
            }
            window = end
        }
        return found
    }
}

extension StaleSpace {
    /// Bytes of the blocks of `bytes` that are not zero. What could not be read is.
    fileprivate static func nonzero(_ bytes: UnsafeRawBufferPointer) -> ByteCount {
        let unit = DiskUsage.blockSize.int
        var count = 0
        for start in stride(from: 0, to: bytes.count, by: unit) {
            let end = min(start + unit, bytes.count)
            if !UnsafeRawBufferPointer(rebasing: bytes[start..<end]).isZero { count += end - start }
        }
        return ByteCount(count)
    }
}
