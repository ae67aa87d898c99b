public import FerryCore

/// What one region of an image holds, run by run: an entry of a manifest. Its bytes are specified in
/// docs/specs/manifest.md, and its digest is a leaf of the manifest's tree.
public struct RegionRecord: Hashable, Sendable {
    /// The runs in order; together they cover the region.
    public var runs: [Run]

    /// A record of `runs`.
    public init(runs: [Run]) { self.runs = runs }

    /// A record of a whole region of one kind without content.
    public init(_ kind: RunKind, blocks: Int) { runs = [Run(kind, blocks: blocks)] }

    /// How many blocks the runs cover.
    public var blocks: Int { runs.reduce(0) { $0 + $1.blocks } }

    /// Bytes that the longest record of a region takes.
    public static let longestEncoding = ImageLayout.regionBlocks * (2 + Digest.byteCount)

    /// Appends the record's bytes: for each run its kind, its blocks less one, and the digest of a chunk.
    public func encode(into bytes: inout [UInt8]) {
        for run in runs {
            bytes.append(run.kind.rawValue)
            bytes.append(UInt8(truncatingIfNeeded: run.blocks - 1))
            if run.kind == .chunk { run.digest.withBytes { bytes.append(contentsOf: $0) } }
        }
    }

    /// The record's bytes.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(runs.count * (2 + Digest.byteCount))
        encode(into: &bytes)
        return bytes
    }

    /// Reads a record of exactly `blocks` blocks.
    /// - Throws: `FerryError` with `ErrorCode.manifestMalformed` for anything that `encode` does not write.
    public init(decoding bytes: UnsafeRawBufferPointer, blocks: Int) throws(FerryError) {
        var runs: [Run] = []
        var offset = 0
        var covered = 0
        while offset < bytes.count {
            guard offset + 2 <= bytes.count, let kind = RunKind(rawValue: bytes[offset]) else {
                throw RegionRecord.malformed("it has a run of no known kind")
            }
            var run = Run(kind, blocks: Int(bytes[offset + 1]) + 1)
            offset += 2
            if kind == .chunk {
                guard offset + Digest.byteCount <= bytes.count else {
                    throw RegionRecord.malformed("it ends within a digest")
                }
                run.digest = Digest(bytes: UnsafeRawBufferPointer(rebasing: bytes[offset...]))
                offset += Digest.byteCount
            }
            covered += run.blocks
            guard covered <= blocks else { throw RegionRecord.malformed("its runs reach beyond the region") }
            runs.append(run)
        }
        guard covered == blocks else { throw RegionRecord.malformed("its runs do not cover the region") }
        self.runs = runs
    }

    /// The leaf of the manifest's tree: SHA-256 of a zero byte and the record's bytes (RFC 6962, section 2.1).
    public var leaf: Digest { RegionRecord.leaf(ofEncoded: encoded) }

    /// The leaf of a record whose bytes are at hand.
    public static func leaf(ofEncoded bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { SHA256.digest(prefix: MerkleTree.leafPrefix, of: $0) }
    }

    private static func malformed(_ cause: String) -> FerryError {
        FerryError(
            .manifestMalformed,
            operation: "read",
            subject: "a region of a manifest",
            cause: cause,
            advice: "The manifest was damaged or not written by Ferry; take another copy of it."
        )
    }
}

extension ErrorCode {
    /// A manifest, or a part of one, is not as the specification says.
    public static let manifestMalformed = ErrorCode("manifest.malformed", .input)
}
