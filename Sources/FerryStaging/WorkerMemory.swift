internal import FerryImage
internal import FerryTransport
internal import FerryWire
internal import Synchronization

/// What one worker thread needs to apply offers and parts: taken for a task and given back, so that work allocates
/// nothing of a region's size.
final class WorkerMemory {
    /// The unpacked content of a part.
    let unpacked = UnsafeMutableRawBufferPointer.allocate(byteCount: DataPart.longestContent, alignment: 4096)
    /// A chunk that is read from a volume.
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: ImageLayout.regionSize, alignment: 4096)
    /// Names the chunks of a part, or of a region that is read back.
    var digests = DigestBatch()
    /// Unpacks parts.
    var decompressor = ZstdDecompressor()

    deinit {
        unpacked.deallocate()
        chunk.deallocate()
    }
}

/// The memories of the workers that have none to do just now.
///
/// @unchecked Sendable: the list is guarded by the mutex, and a memory is used by one thread at a time, which has
/// taken it out of the list.
final class WorkerMemories: @unchecked Sendable {
    private let lock = Mutex(())
    private var idle: [WorkerMemory] = []

    /// Runs `body` with a memory that nobody else uses.
    func with<Result>(_ body: (WorkerMemory) throws -> Result) rethrows -> Result {
        let memory = lock.withLock { _ in idle.popLast() } ?? WorkerMemory()
        defer { lock.withLock { _ in idle.append(memory) } }
        return try body(memory)
    }
}
