import Glibc

/// Whether a copy is what it should be, found out by reading all of both.
struct ImageComparison: Codable, Equatable {
    /// What makes a copy right.
    enum Rule: String, Codable {
        /// Every byte is the source's.
        case everything
        /// What is in use is the source's, everything free is zero.
        case usedAndZero
        /// What the root file system uses is the source's; nothing else was copied.
        case usedOfRoot
    }

    var rule: Rule
    var comparedBytes = 0
    var wrongBlocks = 0
    var firstWrongByte: Int?
    var isRight: Bool { wrongBlocks == 0 }

    private static let block = 4096

    init(_ rule: Rule, disk: WorkloadDisk, copy path: String) throws(BenchmarkError) {
        self.rule = rule
        let source = try SparseFile(disk.image)
        let copy = try SparseFile(path)
        guard copy.size == source.size else {
            throw BenchmarkError(.failure, "the copy has \(copy.size) bytes, the disk has \(source.size)")
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        let halves = (
            UnsafeMutableRawBufferPointer(rebasing: buffer[..<(1 << 20)]),
            UnsafeMutableRawBufferPointer(rebasing: buffer[(1 << 20)...])
        )
        let whole: Range<Int>
        let free: [Range<Int>]
        switch rule {
        case .everything: (whole, free) = (0..<source.size, [])
        case .usedAndZero: (whole, free) = (0..<source.size, disk.layout.free)
        case .usedOfRoot:
            guard let root = disk.layout.root else {
                throw BenchmarkError(.input, "\(disk.image) has no ext4 file system, which partclone needs here")
            }
            (whole, free) = (root.range, root.free ?? [])
        }
        var offset = whole.lowerBound
        for run in free + [whole.upperBound..<whole.upperBound] {
            try same(source, copy, offset..<run.lowerBound, halves)
            if rule == .usedAndZero { try zero(copy, run, halves.0) }
            offset = run.upperBound
        }
    }

    /// Reads what is no hole in one of the two.
    private mutating func same(
        _ source: SparseFile,
        _ copy: SparseFile,
        _ range: Range<Int>,
        _ buffers: (UnsafeMutableRawBufferPointer, UnsafeMutableRawBufferPointer)
    ) throws(BenchmarkError) {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let runs = [source.data(after: offset), copy.data(after: offset)].compactMap { $0 }
            guard let begin = runs.map(\.lowerBound).min(), begin < range.upperBound else { return }
            let end = min(
                range.upperBound,
                begin + buffers.0.count,
                runs.filter { $0.lowerBound == begin }[0].upperBound
            )
            let part = begin..<end
            try source.read(part, into: buffers.0)
            try copy.read(part, into: buffers.1)
            comparedBytes += part.count
            if !ImageComparison.areEqual(buffers.0[..<part.count], buffers.1[..<part.count]) {
                count(part) { (block: Range<Int>) in
                    !buffers.0[block].elementsEqual(buffers.1[block])
                }
            }
            offset = end
        }
    }

    private mutating func zero(
        _ copy: SparseFile,
        _ range: Range<Int>,
        _ buffer: UnsafeMutableRawBufferPointer
    ) throws(BenchmarkError) {
        var parts: [Range<Int>] = []
        try copy.forEachData(in: range) { run in
            for begin in stride(from: run.lowerBound, to: run.upperBound, by: buffer.count) {
                parts.append(begin..<min(begin + buffer.count, run.upperBound))
            }
        }
        for part in parts {
            try copy.read(part, into: buffer)
            comparedBytes += part.count
            // A run is zero if its first byte is and every byte equals the one before.
            let isZero =
                buffer[0] == 0 && ImageComparison.areEqual(buffer[..<(part.count - 1)], buffer[1..<part.count])
            guard !isZero else { continue }
            count(part) { (block: Range<Int>) in buffer[block].contains { $0 != 0 } }
        }
    }

    private static func areEqual(
        _ one: Slice<UnsafeMutableRawBufferPointer>,
        _ other: Slice<UnsafeMutableRawBufferPointer>
    ) -> Bool {
        let one = UnsafeMutableRawBufferPointer(rebasing: one)
        let other = UnsafeMutableRawBufferPointer(rebasing: other)
        guard let first = one.baseAddress, let second = other.baseAddress else { return one.count == other.count }
        return one.count == other.count && memcmp(first, second, one.count) == 0
    }

    /// Counts the blocks of `part` that are wrong.
    private mutating func count(_ part: Range<Int>, _ isWrong: (Range<Int>) -> Bool) {
        for begin in stride(from: 0, to: part.count, by: ImageComparison.block) {
            guard isWrong(begin..<min(begin + ImageComparison.block, part.count)) else { continue }
            wrongBlocks += 1
            firstWrongByte = firstWrongByte ?? part.lowerBound + begin
        }
    }
}
