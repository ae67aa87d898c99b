internal import FerryCore
internal import FerryImage

/// The names of chunks that are asked for one after the other, made two at a time.
struct ChunkNames {
    private let contents: [UnsafeRawBufferPointer]
    private var ahead: (index: Int, digest: Digest)?

    init(_ contents: [UnsafeRawBufferPointer]) { self.contents = contents }

    /// The name of the chunk with number `index`; the next one's is made with it.
    mutating func digest(_ index: Int) -> Digest {
        if let made = ahead, made.index == index { return made.digest }
        guard index + 1 < contents.count else { return SHA256.digest(of: contents[index]) }
        let (digest, next) = SHA256.digests(of: contents[index], contents[index + 1])
        ahead = (index + 1, next)
        return digest
    }
}
