import FerryCore
import FerryImage

@testable import FerryProof

/// A disk as it arrived: its content, and the records that say so.
struct TestImage {
    var bytes: [UInt8]
    var records: [RegionRecord]

    static let block = ImageLayout.blockSize

    /// A disk of `blocks` blocks and `extra` bytes more: content, zeros, and somewhere unused and damaged blocks.
    init(blocks: Int, extra: Int = 0, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let size = blocks * TestImage.block + extra
        bytes = []
        records = []
        while bytes.count < size {
            let length = min(ImageLayout.regionSize, size - bytes.count)
            var region: [UInt8] = []
            var runs: [Run] = []
            while region.count < length {
                let left = (length - region.count + TestImage.block - 1) / TestImage.block
                let count = min(left, Int.random(in: 1...12, using: &random))
                let span = min(count * TestImage.block, length - region.count)
                let kind = RunKind(rawValue: UInt8.random(in: 0...3, using: &random)) ?? .chunk
                var run = Run(kind, blocks: count)
                var content = [UInt8](repeating: 0, count: span)
                if kind == .chunk {
                    for index in content.indices { content[index] = UInt8.random(in: 1...255, using: &random) }
                    run.digest = content.withUnsafeBytes { SHA256.digest(of: $0) }
                }
                region += content
                runs.append(run)
            }
            bytes += region
            records.append(RegionRecord(runs: runs))
        }
    }

    var size: ByteCount { ByteCount(bytes.count) }

    var summary: ManifestSummary {
        get throws {
            var sum = ManifestSum(diskSize: size)
            for record in records { try record.encoded.withUnsafeBytes { _ = try sum.append($0) } }
            return sum.summary
        }
    }

    /// The first byte of the first run of `kind`.
    func place(of kind: RunKind) -> Int? {
        var place = 0
        for record in records {
            for run in record.runs {
                if run.kind == kind { return place }
                place += run.blocks * TestImage.block
            }
        }
        return nil
    }

    func statement(
        consistency: ProofStatement.Consistency = .consistent,
        identity: String = "serial=WD-1 size=4096"
    ) throws -> ProofStatement {
        let now = UTCTime.now()
        return ProofStatement(
            job: try JobID("web01"),
            disk: try DiskName("sda"),
            volumeIdentifier: "00112233445566778899aabbccddeeff",
            agent: try AgentName("web01"),
            diskIdentity: identity,
            diskSize: size,
            cutRule: 1,
            pass: 3,
            generation: 2,
            consistency: consistency,
            startedAt: UTCTime(microseconds: now.microseconds - 60_000_000),
            endedAt: UTCTime(microseconds: now.microseconds - 30_000_000),
            verifiedAt: UTCTime(microseconds: now.microseconds - 10_000_000),
            signedAt: now,
            manifest: try summary,
            release: "0.1.0"
        )
    }
}
