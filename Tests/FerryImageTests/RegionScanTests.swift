import FerryCore
import FerryImage
import Testing

@Suite struct RegionScanTests {
    private static let seeds = (0..<20).map { _ in UInt64.random(in: 0 ... .max) }

    /// Scans `bytes` and returns the runs, the tags and the leaf.
    private static func scan(
        _ bytes: [UInt8],
        unused: BlockSet = BlockSet(),
        remembered: [BlockTag]? = nil,
        key: BlockTagKey
    ) -> (isChanged: Bool, runs: [RegionRun], tags: [BlockTag], leaf: Digest, changed: BlockSet) {
        var scan = RegionScan(key: key)
        return bytes.withUnsafeBytes { bytes in
            func go(_ base: UnsafeBufferPointer<BlockTag>?) -> (Bool, [RegionRun], [BlockTag], Digest, BlockSet) {
                let isChanged = scan.tag(bytes, unused: unused, damaged: BlockSet(), remembered: base)
                scan.cut(bytes, remembered: base)
                return (isChanged, Array(scan.runs), Array(scan.tags), scan.leaf, scan.changed)
            }
            guard let remembered else { return go(nil) }
            return remembered.withUnsafeBufferPointer { go($0) }
        }
    }

    @Test(arguments: seeds) func runsCoverTheRegionAndNameWhatIsThere(seed: UInt64) throws {
        var content = Content(seed: seed)
        let bytes = content.region()
        let (_, runs, _, leaf, _) = RegionScanTests.scan(bytes, key: .random())
        #expect(runs.reduce(0) { $0 + $1.blocks } == ImageLayout.regionBlocks, "seed \(seed)")
        var record: [Run] = []
        for run in runs {
            let range = (run.start * ImageLayout.blockSize)..<((run.start + run.blocks) * ImageLayout.blockSize)
            let isZero = bytes[range].allSatisfy { $0 == 0 }
            #expect((run.kind == .zero) == isZero, "seed \(seed)")
            if run.kind == .chunk {
                #expect(bytes.withUnsafeBytes { SHA256.digest(of: .init(rebasing: $0[range])) } == run.digest)
            }
            record.append(Run(run.kind == .zero ? .zero : .chunk, blocks: run.blocks, digest: run.digest))
        }
        #expect(RegionRecord(runs: record).leaf == leaf, "seed \(seed)")
    }

    @Test(arguments: seeds) func sameFileAtAnotherPlaceGivesTheSameChunks(seed: UInt64) {
        var content = Content(seed: seed)
        // A file whose last block is padded with zeros, between other files.
        var file = content.bytes(50 * ImageLayout.blockSize)
        for index in (file.count - 100)..<file.count { file[index] = 0 }
        func placed(after blocks: Int) -> Set<Digest> {
            var before = content.bytes(blocks * ImageLayout.blockSize)
            for index in (before.count - 8)..<before.count { before[index] = 0 }
            let rest = content.bytes(ImageLayout.regionSize - before.count - file.count)
            let runs = RegionScanTests.scan(before + file + rest, key: .random()).runs
            return Set(runs.filter { $0.start >= blocks && $0.start < blocks + 50 }.map(\.digest))
        }
        #expect(placed(after: 7) == placed(after: 101), "seed \(seed)")
    }

    @Test(arguments: seeds) func unchangedRegionHasNothingToOffer(seed: UInt64) {
        var content = Content(seed: seed)
        let bytes = content.region()
        let key = BlockTagKey.random()
        let first = RegionScanTests.scan(bytes, key: key)
        let second = RegionScanTests.scan(bytes, remembered: first.tags, key: key)
        #expect(!second.isChanged, "seed \(seed)")
        #expect(second.runs.allSatisfy { $0.kind == .keep }, "seed \(seed)")
        #expect(second.leaf == first.leaf)
    }

    @Test(arguments: seeds) func deltaOverTheOldRegionGivesTheNewOne(seed: UInt64) throws {
        var content = Content(seed: seed)
        let old = content.region()
        var new = old
        for _ in 0..<Int.random(in: 1...6, using: &content) {
            let block = Int.random(in: 0..<ImageLayout.regionBlocks, using: &content)
            let bytes =
                Bool.random(using: &content)
                ? content.bytes(ImageLayout.blockSize) : [UInt8](repeating: 0, count: ImageLayout.blockSize)
            new.replaceSubrange((block * 4096)..<(block * 4096 + 4096), with: bytes)
        }
        let key = BlockTagKey.random()
        let first = RegionScanTests.scan(old, key: key)
        let delta = RegionScanTests.scan(new, remembered: first.tags, key: key)
        let whole = RegionScanTests.scan(new, key: key)
        #expect(delta.leaf == whole.leaf, "seed \(seed)")
        // What a staging server does: keep, clear, replace, patch.
        var volume = old
        var record: [Run] = []
        let oldRuns = first.runs
        for run in delta.runs {
            let range = (run.start * 4096)..<((run.start + run.blocks) * 4096)
            switch run.kind {
            case .keep:
                let kept = oldRuns.filter { $0.start >= run.start && $0.start < run.start + run.blocks }
                #expect(kept.reduce(0) { $0 + $1.blocks } == run.blocks, "seed \(seed)")
                record += kept.map { Run($0.kind == .zero ? .zero : .chunk, blocks: $0.blocks, digest: $0.digest) }
            case .chunk:
                volume.replaceSubrange(range, with: new[range])
                record.append(Run(.chunk, blocks: run.blocks, digest: run.digest))
            case .patch:
                for block in run.start..<(run.start + run.blocks) where delta.changed.contains(block) {
                    volume.replaceSubrange(
                        (block * 4096)..<(block * 4096 + 4096),
                        with: new[(block * 4096)..<(block * 4096 + 4096)]
                    )
                }
                record.append(Run(.chunk, blocks: run.blocks, digest: run.digest))
            default:
                volume.replaceSubrange(range, with: [UInt8](repeating: 0, count: range.count))
                record.append(Run(.zero, blocks: run.blocks))
            }
        }
        #expect(volume == new, "seed \(seed)")
        #expect(RegionRecord(runs: record).leaf == whole.leaf, "seed \(seed)")
    }

    @Test func unusedBlocksAreNotLookedAt() {
        var content = Content(seed: 1)
        let bytes = content.bytes(ImageLayout.regionSize)
        var unused = BlockSet()
        unused.insert(contentsOf: 10..<200)
        let runs = RegionScanTests.scan(bytes, unused: unused, key: .random()).runs
        let run = runs.first { $0.kind == .unused }
        #expect(run?.start == 10)
        #expect(run?.blocks == 190)
    }

    @Test func lastBlockOfADiskMayBeShort() {
        var content = Content(seed: 2)
        let bytes = content.bytes(3 * ImageLayout.blockSize + 512)
        let (_, runs, tags, _, _) = RegionScanTests.scan(bytes, key: .random())
        #expect(tags.count == 4)
        #expect(runs.reduce(0) { $0 + $1.blocks } == 4)
    }
}
