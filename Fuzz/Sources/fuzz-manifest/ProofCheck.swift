internal import FerryCore
internal import FerryImage

@testable internal import FerryProof

/// What must be true of every proof and every manifest that is accepted: there is one way to write each.
enum ProofCheck {
    /// The bytes as a proof's file.
    static func proof(_ bytes: UnsafeRawBufferPointer) {
        let file = MemoryFile(bytes)
        guard let proof = try? ProofFile(path: file.path) else { return }
        precondition(proof.statement.encoded == proof.statementBytes)
        guard let manifest = try? proof.readManifest(0..<proof.statement.manifest.length) else { return }
        let parts = ProofParts(
            statement: proof.statementBytes,
            signature: proof.signature,
            certificates: Array(proof.certificates.utf8),
            manifest: manifest
        )
        precondition(parts.bytes.elementsEqual(bytes))
        _ = records(of: proof)
    }

    /// The bytes as the size of a disk in blocks, in two bytes, and its manifest. A statement that says what the
    /// manifest amounts to must be believed, and one that says anything else must not.
    static func manifest(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count > 2 else { return }
        let size = ByteCount.kibibytes(4 * (UInt64(bytes[0]) | UInt64(bytes[1]) << 8) + 3)
        let manifest = Array(bytes.dropFirst(2))
        var summary = ManifestSum(diskSize: size).summary
        summary.length = UInt64(manifest.count)
        guard let sum = read(manifest, of: size, summary, isConfirmed: false) else { return }
        precondition(
            sum.summary.dataBytes + sum.summary.zeroBytes + sum.summary.unusedBytes + sum.summary.damagedBytes
                == size.bytes
        )
        precondition(sum.damaged.bytes == sum.summary.damagedBytes && sum.damaged.first.count <= ExtentList.most)
        guard sum.summary.length == summary.length else { return }
        _ = read(manifest, of: size, sum.summary, isConfirmed: true)
    }

    private static func read(
        _ manifest: [UInt8],
        of size: ByteCount,
        _ summary: ManifestSummary,
        isConfirmed: Bool
    ) -> ManifestSum? {
        guard let statement = try? ProofParts.statement(size: size, summary) else { return nil }
        let bytes = ProofParts(statement: statement.encoded, manifest: manifest).bytes
        return bytes.withUnsafeBytes { bytes in
            let file = MemoryFile(bytes)
            guard let proof = try? ProofFile(path: file.path) else { preconditionFailure("a right proof is refused") }
            guard let reader = records(of: proof) else { return nil }
            precondition(((try? reader.confirm()) != nil) == isConfirmed)
            return reader.sum
        }
    }

    /// Reads all records; nil if one is refused. All that were read are written again as they were.
    private static func records(of proof: ProofFile) -> ManifestReader? {
        var reader = ManifestReader(proof)
        var written: [UInt8] = []
        while true {
            do {
                guard let record = try reader.next() else { break }
                record.encode(into: &written)
                check(record, region: reader.sum.regions - 1, of: proof.statement.diskSize)
            } catch {
                return nil
            }
        }
        precondition((try? proof.readManifest(0..<UInt64(written.count))) == written)
        return reader
    }

    /// Of a region that is missing, every byte differs.
    private static func check(_ record: RegionRecord, region: Int, of size: ByteCount) {
        let length = ImageLayout.extent(ofRegion: region, disk: size).length.int
        let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        var position = 0
        for range in record.differences(from: nothing, length: length) {
            precondition(range.lowerBound == position && !range.isEmpty)
            position = range.upperBound
        }
        precondition(position == length)
    }
}
