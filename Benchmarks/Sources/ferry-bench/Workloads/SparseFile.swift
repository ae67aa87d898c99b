import Glibc

/// A large file of which much is holes, opened for reading.
final class SparseFile {
    let path: String
    let size: Int
    private let descriptor: Int32
    /// The run that was found last, and from where it was looked for: on a tmpfs finding its end costs what it is long.
    private var found: (from: Int, run: Range<Int>)?

    init(_ path: String) throws(BenchmarkError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw BenchmarkError(.failure, "could not open \(path): \(String(cString: strerror(errno)))")
        }
        self.path = path
        size = Int(lseek(descriptor, 0, SEEK_END))
    }

    deinit { close(descriptor) }

    /// The next run at or after `offset` that is no hole; nil if there is none.
    func data(after offset: Int) -> Range<Int>? {
        if let found, found.from <= offset, offset < found.run.upperBound {
            return max(offset, found.run.lowerBound)..<found.run.upperBound
        }
        // The numbers of SEEK_DATA and SEEK_HOLE.
        let begin = Int(lseek(descriptor, off_t(offset), 3))
        guard begin >= offset else { return nil }
        let end = Int(lseek(descriptor, off_t(begin), 4))
        let run = begin..<max(begin + 1, min(end, size))
        found = (offset, run)
        return run
    }

    /// Calls `body` with every run in `range` that is no hole.
    func forEachData(in range: Range<Int>, _ body: (Range<Int>) throws(BenchmarkError) -> Void) throws(BenchmarkError) {
        var offset = range.lowerBound
        while offset < range.upperBound, let run = data(after: offset), run.lowerBound < range.upperBound {
            try body(run.clamped(to: range))
            offset = run.upperBound
        }
    }

    /// Bytes that are in no hole.
    func dataBytes() throws(BenchmarkError) -> Int {
        var sum = 0
        try forEachData(in: 0..<size) { sum += $0.count }
        return sum
    }

    /// Fills the start of `buffer` with the bytes of `range`.
    func read(_ range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer) throws(BenchmarkError) {
        var filled = 0
        while filled < range.count {
            let count = pread(
                descriptor,
                buffer.baseAddress?.advanced(by: filled),
                range.count - filled,
                off_t(range.lowerBound + filled)
            )
            guard count > 0 else {
                throw BenchmarkError(.failure, "could not read \(path) at byte \(range.lowerBound + filled)")
            }
            filled += count
        }
    }

    /// Reads everything that is in no hole, so that it is in the page cache. Holes read would take memory too.
    func warm() throws(BenchmarkError) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        try forEachData(in: 0..<size) { (run) throws(BenchmarkError) in
            for begin in stride(from: run.lowerBound, to: run.upperBound, by: buffer.count) {
                try read(begin..<min(begin + buffer.count, run.upperBound), into: buffer)
            }
        }
    }
}
