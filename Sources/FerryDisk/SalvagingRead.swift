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
        var damaged: [Extent] = []
        try salvage(buffer, at: offset, &damaged)
        return damaged
    }

    private func salvage(
        _ buffer: UnsafeMutableRawBufferPointer,
        at offset: ByteCount,
        _ damaged: inout [Extent]
    ) throws(FerryError) {
        do throws(FerryError) {
            try read(into: buffer, at: offset)
            return
        } catch {
            guard error.code == .diskReadFailed else { throw error }
        }
        let unit = DiskUsage.blockSize.bytes
        let end = offset.bytes + UInt64(buffer.count)
        let firstBlock = offset.bytes / unit
        let lastBlock = (end - 1) / unit
        guard lastBlock > firstBlock else {
            buffer.initializeMemory(as: UInt8.self, repeating: 0)
            let extent = Extent(start: offset, length: ByteCount(buffer.count))
            if let last = damaged.last, last.end == offset {
                damaged[damaged.count - 1].length += extent.length
            } else {
                damaged.append(extent)
            }
            return
        }
        let middle = (firstBlock + (lastBlock - firstBlock + 1) / 2) * unit
        let split = Int(middle - offset.bytes)
        try salvage(UnsafeMutableRawBufferPointer(rebasing: buffer[..<split]), at: offset, &damaged)
        try salvage(UnsafeMutableRawBufferPointer(rebasing: buffer[split...]), at: ByteCount(middle), &damaged)
    }
}
