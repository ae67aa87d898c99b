internal import FerryCore
internal import FerryImage
internal import FerryWire

/// A run whose content the agent must send.
struct NeededRun: Sendable {
    /// The region.
    var region: UInt32
    /// The run, with its place in the region and its name.
    var run: RegionRun
    /// For a patch, which of the region's blocks come; the others are taken from the volume.
    var changed: BlockSet

    /// How many bytes of content the agent sends for it.
    func contentLength(disk size: ByteCount) -> Int {
        let region = ImageLayout.extent(ofRegion: Int(region), disk: size)
        func bytes(_ blocks: Range<Int>) -> Int {
            min(blocks.upperBound * ImageLayout.blockSize, region.length.int)
                - blocks.lowerBound * ImageLayout.blockSize
        }
        let range = run.start..<(run.start + run.blocks)
        guard run.kind == .patch else { return bytes(range) }
        return range.reduce(0) { changed.contains($1) ? $0 + bytes($1..<($1 + 1)) : $0 }
    }
}

/// What became of an offer: what is needed, and what the regions hold once it is here.
struct OfferResolution: Sendable {
    /// For each `chunk` and `patch` run of the offer, whether it is needed.
    var isNeeded: [Bool] = []
    /// The needed runs, in order.
    var needed: [NeededRun] = []
    /// Regions whose base is not what the agent thinks.
    var outOfStep: [UInt32] = []
    /// The regions' new records.
    var records: [(UInt32, [UInt8])] = []
    /// Bytes of chunks that were already in their place.
    var bytesInPlace = 0
    /// Bytes of chunks that were copied from elsewhere on this server.
    var bytesCopied = 0

    /// Bytes of memory that the records hold.
    var recordBytes: Int { records.reduce(0) { $0 + $1.1.capacity } }
}

extension OfferResolution {
    /// Looks at what an offer holds, copies what this server has elsewhere, and clears what holds nothing now.
    /// - Throws: `FerryError`: `wireMalformed` for an offer that does not fit the disk, or the storage's error.
    static func resolve(
        _ offer: Offer,
        volume: Volume,
        store: StagingStore,
        sharing: ChunkSharing = .all,
        memory: WorkerMemory
    ) throws -> OfferResolution {
        try store.index.read { reading in
            var resolution = OfferResolution()
            for range in offer.emptyRanges {
                try resolution.add(range, isRepair: offer.isRepair, volume: volume, reading)
            }
            for region in offer.regions {
                let isInStep = try resolution.add(
                    region,
                    isRepair: offer.isRepair,
                    volume: volume,
                    store: store,
                    sharing: sharing,
                    memory: memory,
                    reading
                )
                if !isInStep { resolution.outOfStep.append(region.index) }
            }
            return resolution
        }
    }

    private mutating func add(
        _ range: EmptyRange,
        isRepair: Bool,
        volume: Volume,
        _ reading: Reading
    ) throws {
        guard Int(range.first) + Int(range.count) <= volume.regionCount else { throw OfferResolution.beyond }
        for index in range.first..<(range.first + range.count) {
            let extent = ImageLayout.extent(ofRegion: Int(index), disk: volume.size)
            let blocks = ImageLayout.blockCount(ofRegion: Int(index), disk: volume.size)
            let old = try volume.regionRecord(index, reading)
            let mayHoldData = old.map { !$0.isWithoutContent } ?? !volume.isUntouched(index)
            if mayHoldData || isRepair {
                try volume.storage.clear(extent)
            }
            records.append((index, RegionRecord(range.kind, blocks: blocks).encoded))
        }
    }

    /// - Returns: whether the agent's idea of the region's base was right.
    private mutating func add(
        _ region: OfferedRegion,
        isRepair: Bool,
        volume: Volume,
        store: StagingStore,
        sharing: ChunkSharing,
        memory: WorkerMemory,
        _ reading: Reading
    ) throws -> Bool {
        guard Int(region.index) < volume.regionCount,
            region.runs.reduce(0, { $0 + $1.blocks })
                == ImageLayout.blockCount(ofRegion: Int(region.index), disk: volume.size)
        else { throw OfferResolution.beyond }
        let old = try volume.regionRecord(region.index, reading).map(PlacedRuns.init)
        guard let record = OfferResolution.newRecord(of: region, old: old) else { return false }
        let encoded = record.encoded
        guard RegionRecord.leaf(ofEncoded: encoded) == region.leaf else { return false }
        let isUntouched = volume.isUntouched(region.index)
        if region.runs.contains(where: { $0.kind == .chunk || $0.kind == .patch }) { volume.touch(region.index) }
        for run in region.runs {
            switch run.kind {
            case .keep: break
            case .zero, .unused, .damaged:
                let mayHoldData = old.map { $0.mayHoldData(run.start..<(run.start + run.blocks)) } ?? !isUntouched
                if mayHoldData || isRepair { try volume.storage.clear(volume.extent(of: run, in: region.index)) }
            case .chunk, .patch:
                let extent = volume.extent(of: run, in: region.index)
                if !isRepair, let old, old.holds(run) {
                    bytesInPlace += extent.length.int
                    isNeeded.append(false)
                } else if try OfferResolution.copy(
                    run,
                    to: extent,
                    volume: volume,
                    store: store,
                    sharing: sharing,
                    memory: memory,
                    reading
                ) {
                    bytesCopied += extent.length.int
                    isNeeded.append(false)
                } else {
                    isNeeded.append(true)
                    needed.append(NeededRun(region: region.index, run: run, changed: region.changed))
                }
            }
        }
        records.append((region.index, encoded))
        return true
    }

    /// The record that the region has once the offer is here; nil if it keeps what this server does not know.
    private static func newRecord(of region: OfferedRegion, old: PlacedRuns?) -> RegionRecord? {
        var runs: [Run] = []
        runs.reserveCapacity(region.runs.count)
        for run in region.runs {
            switch run.kind {
            case .zero: runs.append(Run(.zero, blocks: run.blocks))
            case .unused: runs.append(Run(.unused, blocks: run.blocks))
            case .damaged: runs.append(Run(.damaged, blocks: run.blocks))
            case .chunk, .patch: runs.append(Run(.chunk, blocks: run.blocks, digest: run.digest))
            case .keep:
                guard let kept = old?.runs(covering: run.start..<(run.start + run.blocks)) else { return nil }
                runs.append(contentsOf: kept)
            }
        }
        return RegionRecord(runs: runs)
    }

    /// Copies a chunk that this server has elsewhere, if what is there still is that chunk.
    private static func copy(
        _ run: RegionRun,
        to extent: Extent,
        volume: Volume,
        store: StagingStore,
        sharing: ChunkSharing,
        memory: WorkerMemory,
        _ reading: Reading
    ) throws -> Bool {
        guard let location = try store.location(of: run.digest, reading), location.blocks == run.blocks,
            let source = store.volume(location.volume), try sharing.mayCopy(from: source, to: volume, reading)
        else { return false }
        // The index is not trusted: also what it says of places may be damaged.
        let (offset, isBeyond) = location.block.multipliedReportingOverflow(by: UInt64(ImageLayout.blockSize))
        guard !isBeyond, extent.length <= source.size, offset <= source.size.bytes - extent.length.bytes else {
            return false
        }
        let buffer = UnsafeMutableRawBufferPointer(rebasing: memory.chunk[..<extent.length.int])
        // What cannot be read there is not there: the agent still has it.
        guard (try? source.storage.read(into: buffer, at: offset)) != nil else { return false }
        guard SHA256.digest(of: UnsafeRawBufferPointer(buffer)) == run.digest else { return false }
        try volume.storage.write(UnsafeRawBufferPointer(buffer), at: extent.start.bytes)
        return true
    }

    private static var beyond: FerryError {
        FerryError(
            .wireUnexpected,
            operation: "take",
            subject: "an offer",
            cause: "it does not fit the disk",
            advice: "Install the same release of Ferry on both sides.",
            retry: .reconnect
        )
    }
}

extension Volume {
    /// Where a run of region `index` lies on the disk.
    func extent(of run: RegionRun, in index: UInt32) -> Extent {
        let region = ImageLayout.extent(ofRegion: Int(index), disk: size)
        let from = region.start + ByteCount(run.start * ImageLayout.blockSize)
        let to = min(region.end, region.start + ByteCount((run.start + run.blocks) * ImageLayout.blockSize))
        return Extent(from: from, to: to)
    }
}
