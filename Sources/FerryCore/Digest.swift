/// A SHA-256 digest: the name of a chunk, of a region of a manifest, or of a whole manifest.
public struct Digest: Hashable, Sendable {
    /// Number of bytes of a digest.
    public static let byteCount = 32

    /// The digest's bytes, eight to a word, in memory order.
    public var words: (UInt64, UInt64, UInt64, UInt64)

    /// A digest of zero bytes, to be filled in; the name of nothing.
    public init() { words = (0, 0, 0, 0) }

    /// The digest whose bytes are the first 32 of `bytes`; traps if there are fewer.
    public init(bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count >= Digest.byteCount)
        words = (
            bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
            bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    /// Calls `body` with the 32 bytes.
    @inlinable
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try withUnsafeBytes(of: words, body)
    }

    /// Calls `body` with the 32 bytes, to be written.
    @inlinable
    public mutating func withMutableBytes<Result>(
        _ body: (UnsafeMutableRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try withUnsafeMutableBytes(of: &words, body)
    }

    /// Whether both are the same.
    @inlinable
    public static func == (left: Digest, right: Digest) -> Bool {
        left.words.0 == right.words.0 && left.words.1 == right.words.1
            && left.words.2 == right.words.2 && left.words.3 == right.words.3
    }

    /// A digest is uniform already: its first word is hash enough.
    @inlinable
    public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

extension Digest: CustomStringConvertible {
    /// The digest as 64 hexadecimal digits.
    public var description: String { withBytes { Hexadecimal.text($0) } }

    /// Reads 64 hexadecimal digits; nil for anything else.
    public init?(hexadecimal text: some StringProtocol) {
        guard let bytes = Hexadecimal.bytes(text), bytes.count == Digest.byteCount else { return nil }
        self = bytes.withUnsafeBytes { Digest(bytes: $0) }
    }
}
