internal import FerryCore

extension RegionRecord {
    /// Where `content`, a region's bytes, is not what the record says, as ranges of bytes from the region's start: a
    /// whole chunk of another digest, and each block that should be zero and is not.
    ///
    /// `content` may be shorter than `length`, the region's bytes; what is missing differs.
    public func differences(from content: UnsafeRawBufferPointer, length: Int) -> [Range<Int>] {
        var differences: [Range<Int>] = []
        var start = 0
        for run in runs {
            let end = min(start + run.blocks * ImageLayout.blockSize, length)
            defer { start = end }
            guard end <= content.count else {
                differences.append(start..<end)
                continue
            }
            let bytes = UnsafeRawBufferPointer(rebasing: content[start..<end])
            guard run.kind != .chunk else {
                if SHA256.digest(of: bytes) != run.digest { differences.append(start..<end) }
                continue
            }
            if bytes.isZero { continue }
            for block in stride(from: start, to: end, by: ImageLayout.blockSize) {
                let range = block..<min(block + ImageLayout.blockSize, end)
                if !UnsafeRawBufferPointer(rebasing: content[range]).isZero { differences.append(range) }
            }
        }
        return differences
    }

    /// Whether no run has content, so that a hole is all there is to see.
    public var isWithoutContent: Bool { !runs.contains { $0.kind == .chunk } }
}
