internal import FerryImage
internal import FerryTransport
internal import FerryWire
internal import Synchronization

/// What one worker thread needs to scan and to pack: taken for a task and given back.
///
/// @unchecked Sendable: used by one task at a time, which `ScanMemories` sees to.
final class ScanMemory: @unchecked Sendable {
    var compressor = ZstdCompressor()
    /// Tags that are remembered of the region being looked at.
    let remembered = UnsafeMutableBufferPointer<BlockTag>.allocate(capacity: ImageLayout.regionBlocks)
    /// Content of needed runs that do not lie side by side.
    let gathered = UnsafeMutableRawBufferPointer.allocate(byteCount: DataPart.longestContent, alignment: 64)
    private var scan = RegionScan(key: .random())
    /// Whether the last part that was packed shrank.
    var lastWasPacked = true

    init() { remembered.initialize(repeating: .unknown) }

    deinit {
        remembered.deallocate()
        gathered.deallocate()
    }

    /// Whether packing `content` may pay. Content that does not shrink comes in long runs, of archives, pictures and
    /// keys: after a part of it, a piece of 32 KiB is tried first. Uses `target` as its working memory.
    func isWorthPacking(_ content: UnsafeRawBufferPointer, into target: UnsafeMutableRawBufferPointer) -> Bool {
        let sample = 32 << 10
        guard !lastWasPacked, content.count > 4 * sample else { return true }
        let middle = (content.count - sample) / 2
        let piece = UnsafeRawBufferPointer(rebasing: content[middle..<(middle + sample)])
        guard let packed = compressor.compress(piece, into: target, level: 1) else { return false }
        return packed < sample - sample / 32
    }

    /// Runs `body` with a scan that makes tags with `key`.
    func withScan<Result>(_ key: BlockTagKey, _ body: (inout RegionScan) throws -> Result) rethrows -> Result {
        scan.key = key
        return try body(&scan)
    }
}

/// The memories of the workers that have none to do just now.
///
/// @unchecked Sendable: the list is guarded by the mutex, and a memory is used by one thread at a time, which has
/// taken it out of the list.
final class ScanMemories: @unchecked Sendable {
    private let lock = Mutex(())
    private var idle: [ScanMemory] = []

    /// Runs `body` with a memory that nobody else uses.
    func with<Result>(_ body: (ScanMemory) throws -> Result) rethrows -> Result {
        let memory = lock.withLock { _ in idle.popLast() } ?? ScanMemory()
        defer { lock.withLock { _ in idle.append(memory) } }
        return try body(memory)
    }
}
