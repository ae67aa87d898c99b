internal import CSHA256
public import FerryCore

/// Makes the SHA-256 digests of several runs of bytes, two at a time where the processor can: one stream leaves its
/// SHA unit idle for half of the time.
///
/// Keeps its memory, so that using it again allocates nothing. One thread at a time.
public struct DigestBatch: ~Copyable {
    private var messages: UnsafeMutableBufferPointer<ferry_sha256_message>
    /// How many runs it holds.
    public private(set) var count = 0

    /// An empty batch with memory for a region's chunks.
    public init() { messages = DigestBatch.memory(for: ImageLayout.regionBlocks) }

    deinit { messages.deallocate() }

    /// Forgets all runs.
    public mutating func removeAll() { count = 0 }

    /// Adds `bytes`, which must stay where they are until `make`.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if count == messages.count { grow() }
        messages[count].data = bytes.baseAddress
        messages[count].length = bytes.count
        count += 1
    }

    /// Makes the digests of all runs.
    public mutating func make() { ferry_sha256_each(messages.baseAddress, count) }

    /// The digest of the run with number `index`, in the order of adding; valid after `make`.
    public subscript(index: Int) -> Digest {
        precondition(index < count)
        return withUnsafeBytes(of: messages[index].digest) { Digest(bytes: $0) }
    }

    private mutating func grow() {
        let larger = DigestBatch.memory(for: 2 * messages.count)
        _ = larger.update(fromContentsOf: messages)
        messages.deallocate()
        messages = larger
    }

    private static func memory(for count: Int) -> UnsafeMutableBufferPointer<ferry_sha256_message> {
        let memory = UnsafeMutableBufferPointer<ferry_sha256_message>.allocate(capacity: count)
        memory.initialize(repeating: ferry_sha256_message())
        return memory
    }
}
