internal import CZstd
public import FerryCore

/// Packs content into zstd frames (RFC 8878), one context for all.
public struct ZstdCompressor: ~Copyable {
    private let context: OpaquePointer

    /// A compressor with working memory of its own, about 1 MiB.
    public init() {
        guard let context = ZSTD_createCCtx() else { preconditionFailure("no memory for a zstd context") }
        self.context = context
    }

    deinit { ZSTD_freeCCtx(context) }

    /// The most bytes that `length` bytes can become.
    public static func bound(_ length: Int) -> Int { ZSTD_compressBound(length) }

    /// Packs `content` into `target` at `level`.
    /// - Parameter level: -100 (fastest) ... 19 (smallest).
    /// - Returns: the length of the frame, or nil if it does not fit in `target`.
    public mutating func compress(
        _ content: UnsafeRawBufferPointer,
        into target: UnsafeMutableRawBufferPointer,
        level: Int
    ) -> Int? {
        let length = ZSTD_compressCCtx(
            context,
            target.baseAddress,
            target.count,
            content.baseAddress,
            content.count,
            Int32(level)
        )
        return ZSTD_isError(length) == 0 ? length : nil
    }
}

/// Unpacks zstd frames, one context for all.
public struct ZstdDecompressor: ~Copyable {
    private let context: OpaquePointer

    /// A decompressor with working memory of its own.
    public init() {
        guard let context = ZSTD_createDCtx() else { preconditionFailure("no memory for a zstd context") }
        self.context = context
    }

    deinit { ZSTD_freeDCtx(context) }

    /// Unpacks the one frame in `packed` to exactly fill `target`.
    /// - Throws: `FerryError` with `ErrorCode.contentMalformed`.
    public mutating func decompress(
        _ packed: UnsafeRawBufferPointer,
        into target: UnsafeMutableRawBufferPointer
    ) throws(FerryError) {
        let length = ZSTD_decompressDCtx(
            context,
            target.baseAddress,
            target.count,
            packed.baseAddress,
            packed.count
        )
        guard ZSTD_isError(length) == 0, length == target.count else {
            throw FerryError(
                .contentMalformed,
                operation: "unpack",
                subject: "a part of a batch",
                cause: ZSTD_isError(length) == 0
                    ? "it has \(length) B instead of \(target.count) B" : String(cString: ZSTD_getErrorName(length)),
                advice: "It will be sent again; if this repeats, check the memory of both machines.",
                retry: .reconnect
            )
        }
    }
}
