internal import FerryImage
internal import FerryTransport
internal import Synchronization

/// What one worker thread needs to scan and to pack: taken for a task and given back.
///
/// @unchecked Sendable: used by one task at a time.
final class ScanMemory: @unchecked Sendable {
    var compressor = ZstdCompressor()
    /// Tags that are remembered of the region being looked at.
    let remembered = UnsafeMutableBufferPointer<BlockTag>.allocate(capacity: ImageLayout.regionBlocks)
    /// Content of needed runs that do not lie side by side.
    let gathered = UnsafeMutableRawBufferPointer.allocate(byteCount: ImageLayout.regionSize, alignment: 64)
    private var scan = RegionScan(key: .random())

    init() { remembered.initialize(repeating: .unknown) }

    deinit {
        remembered.deallocate()
        gathered.deallocate()
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
