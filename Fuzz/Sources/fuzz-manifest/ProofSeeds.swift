internal import FerryCore
internal import FerryImage
internal import FuzzLoop

@testable internal import FerryProof

/// A proof, and manifests of disks of one and of several regions.
enum ProofSeeds {
    /// The first byte of an input that is a whole proof.
    static let proof: UInt8 = 1
    /// The first byte of an input that is a disk's size and its manifest.
    static let manifest: UInt8 = 0

    static func all() -> [FuzzLoop.Seed] {
        var seeds: [FuzzLoop.Seed] = []
        for (name, blocks) in [("small", 100), ("large", 700)] as [(String, UInt16)] {
            let size = ByteCount.kibibytes(4 * UInt64(blocks) + 3)
            let bytes = records(of: size).flatMap(\.encoded)
            seeds.append((name, [manifest, UInt8(truncatingIfNeeded: blocks), UInt8(blocks >> 8)] + bytes))
            var sum = ManifestSum(diskSize: size)
            for record in records(of: size) { _ = record.encoded.withUnsafeBytes { try? sum.append($0) } }
            guard let statement = try? ProofParts.statement(size: size, sum.summary) else { continue }
            seeds.append(("proof-\(name)", [proof] + ProofParts(statement: statement.encoded, manifest: bytes).bytes))
        }
        return seeds
    }

    private static func records(of size: ByteCount) -> [RegionRecord] {
        (0..<ImageLayout.regionCount(ofDisk: size)).map { region in
            let blocks = ImageLayout.blockCount(ofRegion: region, disk: size)
            let chunk = Run(.chunk, blocks: 5, digest: RegionRecord.leaf(ofEncoded: [UInt8(region)]))
            return RegionRecord(runs: [
                chunk, Run(.zero, blocks: 10), chunk, Run(.damaged, blocks: 1), Run(.unused, blocks: blocks - 21),
            ])
        }
    }
}
