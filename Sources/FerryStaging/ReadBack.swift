internal import FerryCore
internal import FerryImage

/// Reads a volume back and compares it with its records.
enum ReadBack {
    /// What a range of regions showed.
    struct Outcome: Sendable {
        /// Regions whose content is not what their record says, or that have no record.
        var wrong: [UInt32] = []
        /// Bytes of chunks that were read and agree.
        var dataBytes: UInt64 = 0
        /// Bytes of blocks that the file systems do not use.
        var unusedBytes: UInt64 = 0
        /// Bytes of blocks that the source could not read.
        var damagedBytes: UInt64 = 0

        mutating func add(_ other: Outcome) {
            wrong += other.wrong
            dataBytes += other.dataBytes
            unusedBytes += other.unusedBytes
            damagedBytes += other.damagedBytes
        }
    }

    /// The root of the volume's manifest by the index.
    static func root(of volume: Volume, in index: Index) throws -> Digest {
        try index.read { reading in
            var tree = MerkleTree()
            var next: UInt32 = 0
            let start = RecordKey(volume: volume.record.number, region: 0).withKeyBytes { Array($0) }
            try reading.scan(.records, from: start) { key, value in
                guard let region = RecordKey.region(of: key, volume: volume.record.number), region == next else {
                    return false
                }
                tree.append(leaf: SHA256.digest(prefix: 0, of: value))
                next += 1
                return next < volume.regionCount
            }
            return Int(next) == volume.regionCount ? tree.root : Digest()
        }
    }

    /// Where a volume has no content, asked in order of place. A hole that reaches over many regions is asked for once:
    /// finding its end costs what it is long.
    private struct Holes {
        let storage: VolumeStorage
        private var end: UInt64 = 0

        init(storage: VolumeStorage) { self.storage = storage }

        mutating func contain(_ extent: Extent) -> Bool {
            if extent.end.bytes <= end { return true }
            end = storage.nextDataStart(from: extent.start.bytes) ?? storage.size.bytes
            return extent.end.bytes <= end
        }
    }

    /// Reads `regions` of the volume back.
    static func check(
        _ regions: Range<UInt32>,
        of volume: Volume,
        in index: Index,
        memory: WorkerMemory
    ) throws -> Outcome {
        return try index.read { reading in
            var outcome = Outcome()
            var holes = Holes(storage: volume.storage)
            for region in regions {
                guard let record = try volume.regionRecord(region, reading) else {
                    outcome.wrong.append(region)
                    continue
                }
                let extent = ImageLayout.extent(ofRegion: Int(region), disk: volume.size)
                // Holes need not be read to be known to be zero, and a mostly empty disk is mostly holes.
                if record.isWithoutContent, holes.contain(extent) {
                    count(record, extent, &outcome)
                } else if try !check(record, extent, of: volume, memory: memory, &outcome) {
                    outcome.wrong.append(region)
                }
            }
            return outcome
        }
    }

    private static func check(
        _ record: RegionRecord,
        _ extent: Extent,
        of volume: Volume,
        memory: WorkerMemory,
        _ outcome: inout Outcome
    ) throws -> Bool {
        let bytes = UnsafeMutableRawBufferPointer(rebasing: memory.chunk[..<extent.length.int])
        do {
            try volume.storage.readStorage(into: bytes, at: extent.start.bytes)
        } catch {
            return false
        }
        var start = 0
        memory.digests.removeAll()
        for run in record.runs {
            let end = min(start + run.blocks * ImageLayout.blockSize, bytes.count)
            let content = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            if run.kind == .chunk {
                memory.digests.append(content)
            } else {
                guard content.isZero else { return false }
            }
            start = end
        }
        memory.digests.make()
        var chunk = 0
        for run in record.runs where run.kind == .chunk {
            guard memory.digests[chunk] == run.digest else { return false }
            chunk += 1
        }
        count(record, extent, &outcome)
        return true
    }

    private static func count(_ record: RegionRecord, _ extent: Extent, _ outcome: inout Outcome) {
        var start: UInt64 = 0
        for run in record.runs {
            let end = min(start + UInt64(run.blocks * ImageLayout.blockSize), extent.length.bytes)
            switch run.kind {
            case .chunk: outcome.dataBytes += end - start
            case .unused: outcome.unusedBytes += end - start
            case .damaged: outcome.damagedBytes += end - start
            case .zero: break
            }
            start = end
        }
    }
}
