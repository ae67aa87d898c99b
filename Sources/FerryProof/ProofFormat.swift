internal import FerryCore
internal import FerryImage

/// The fixed parts of a proof file, version 1, as docs/specs/manifest.md has them.
enum ProofFormat {
    /// The first line, up to the version.
    static let magic = "ferry proof file "
    /// The version that this code writes and reads.
    static let version = "1"
    /// The statement's first line.
    static let schema = "ferry-proof/1"

    /// Bytes of the longest statement.
    static let longestStatement = 65536
    /// Bytes of the signature's part: 128 digits and the end of the line.
    static let signatureLength = 129
    /// Bytes of the longest certificates.
    static let longestCertificates = 65536
    /// Bytes that come before the manifest at most, with the lines between the parts.
    static let longestHead = longestStatement + signatureLength + longestCertificates + 256

    /// The largest disk: regions are counted in 32 bits.
    static let largestDisk = ByteCount(UInt64(ImageLayout.regionSize) << 32)
    /// The most bytes that the manifest of the largest disk takes.
    static let longestManifest = UInt64(RegionRecord.longestEncoding) << 32
    /// Bytes of the longest disk identity, before it is escaped.
    static let longestIdentity = 16384

    /// The line before a part, or before the manifest.
    static func partLine(_ name: String, _ length: some BinaryInteger) -> String { "\(name) \(length)\n" }
}
