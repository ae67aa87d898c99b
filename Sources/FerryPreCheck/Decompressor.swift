public import FerryCore

/// How an initramfs image may be compressed.
public enum CompressionFormat: String, Sendable, CaseIterable {
    /// RFC 1952.
    case gzip
    /// RFC 8878.
    case zstd
    /// The .xz format.
    case xz
    /// The older .lzma format.
    case lzma
    /// The .bz2 format.
    case bzip2
    /// LZ4, in the kernel's own framing or in LZ4's.
    case lz4
    /// The lzop format.
    case lzo

    /// The format of data that begins with `bytes`; nil if none of these begins so.
    public init?(beginning bytes: some Sequence<UInt8>) {
        let first = Array(bytes.prefix(6))
        let marks: [(CompressionFormat, [UInt8])] = [
            (.gzip, [0x1F, 0x8B]), (.gzip, [0x1F, 0x9E]), (.zstd, [0x28, 0xB5, 0x2F, 0xFD]),
            (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]), (.lzma, [0x5D, 0x00, 0x00]), (.bzip2, [0x42, 0x5A, 0x68]),
            (.lz4, [0x02, 0x21, 0x4C, 0x18]), (.lz4, [0x04, 0x22, 0x4D, 0x18]), (.lzo, [0x89, 0x4C, 0x5A, 0x4F]),
        ]
        guard let format = marks.first(where: { first.starts(with: $0.1) })?.0 else { return nil }
        self = format
    }
}

/// Takes compressed data apart, piece by piece: an image of 100 MiB has to pass through an agent that may hold 64 MiB.
public struct Decompressor: Sendable {
    /// Gives the next piece of compressed data, empty at its end.
    public typealias Source = () throws(FerryError) -> ArraySlice<UInt8>
    /// Takes the next piece of what was compressed; false if it wants no more.
    public typealias Sink = (ArraySlice<UInt8>) throws(FerryError) -> Bool

    /// The formats it knows.
    public var formats: [CompressionFormat]
    /// Takes data of one of `formats` apart until its end, or until the sink wants no more. Errors of the source and
    /// of the sink are passed on; data that makes no sense is an error of its own (`ErrorCode.unreadableImage`).
    public var run: @Sendable (CompressionFormat, Source, Sink) throws(FerryError) -> Void

    /// A decompressor for `formats`.
    public init(
        formats: [CompressionFormat],
        run: @escaping @Sendable (CompressionFormat, Source, Sink) throws(FerryError) -> Void
    ) {
        self.formats = formats
        self.run = run
    }

    /// A decompressor that knows no format.
    public static let none = Decompressor(formats: []) { _, _, _ throws(FerryError) in }
}

extension ErrorCode {
    /// An initramfs image cannot be read, or makes no sense.
    public static let unreadableImage = ErrorCode("precheck.unreadable-image", .failure)
}

extension FerryError {
    /// An image that cannot be read because of `cause`.
    public static func unreadableImage(_ path: String, _ cause: String) -> FerryError {
        FerryError(
            .unreadableImage,
            operation: "read the initramfs image",
            subject: path,
            cause: cause,
            advice: "Make the image again with update-initramfs or dracut."
        )
    }
}
