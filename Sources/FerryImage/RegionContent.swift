internal import FerryCore

extension RegionRecord {
    /// The runs that `content`, a region's bytes, does not agree with, as ranges of bytes from the region's start: a
    /// chunk of another digest, or anything but zeros where there should be zeros.
    ///
    /// `content` may be shorter than the record covers; what is missing does not agree.
    public func runsDiffering(from content: UnsafeRawBufferPointer, length: Int) -> [Range<Int>] {
        var differing: [Range<Int>] = []
        var start = 0
        for run in runs {
            let end = min(start + run.blocks * ImageLayout.blockSize, length)
            defer { start = end }
            guard end <= content.count else {
                differing.append(start..<end)
                continue
            }
            let bytes = UnsafeRawBufferPointer(rebasing: content[start..<end])
            let agrees = run.kind == .chunk ? SHA256.digest(of: bytes) == run.digest : bytes.isZero
            if !agrees { differing.append(start..<end) }
        }
        return differing
    }

    /// Whether no run has content, so that a hole is all there is to see.
    public var isWithoutContent: Bool { !runs.contains { $0.kind == .chunk } }
}
