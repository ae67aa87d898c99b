public import FerryCore
public import FerryImage
internal import NIOCore

/// One region as an agent offers it: what became of its runs, and the leaf that its new record must have.
public struct OfferedRegion: Sendable {
    /// The region's number on its disk.
    public var index: UInt32
    /// The leaf of the region's new record.
    public var leaf: Digest
    /// The runs in order, covering the region.
    public var runs: [RegionRun]
    /// The blocks that changed; only those of `patch` runs are told.
    public var changed: BlockSet

    /// A region to offer.
    public init(index: UInt32, leaf: Digest, runs: [RegionRun], changed: BlockSet) {
        self.index = index
        self.leaf = leaf
        self.runs = runs
        self.changed = changed
    }

    func write(to buffer: inout ByteBuffer) {
        buffer.writeInteger(index)
        buffer.writeInteger(UInt16(runs.count))
        buffer.writeDigest(leaf)
        for run in runs {
            buffer.writeInteger(run.kind.rawValue)
            buffer.writeInteger(UInt8(run.blocks - 1))
            switch run.kind {
            case .chunk: buffer.writeDigest(run.digest)
            case .patch:
                buffer.writeDigest(run.digest)
                var byte: UInt8 = 0
                for block in 0..<run.blocks {
                    if changed.contains(run.start + block) { byte |= 1 << UInt8(block & 7) }
                    if block & 7 == 7 || block == run.blocks - 1 {
                        buffer.writeInteger(byte)
                        byte = 0
                    }
                }
            default: break
            }
        }
    }

    static func read(from reader: inout FieldReader) throws(FerryError) -> OfferedRegion {
        let index: UInt32 = try reader.integer()
        let count = Int(try reader.integer(UInt16.self))
        guard (1...ImageLayout.regionBlocks).contains(count) else {
            throw WireError.malformed("an offer", "a region of it has \(count) runs")
        }
        var region = OfferedRegion(index: index, leaf: try reader.digest(), runs: [], changed: BlockSet())
        region.runs.reserveCapacity(count)
        var start = 0
        for _ in 0..<count {
            guard let kind = RegionRunKind(rawValue: try reader.integer()) else {
                throw WireError.malformed("an offer", "it has a run of no known kind")
            }
            var run = RegionRun(kind, start: start, blocks: Int(try reader.integer(UInt8.self)) + 1)
            guard run.start + run.blocks <= ImageLayout.regionBlocks else {
                throw WireError.malformed("an offer", "its runs reach beyond their region")
            }
            if kind == .chunk || kind == .patch { run.digest = try reader.digest() }
            if kind == .patch {
                let bits = try reader.bits(run.blocks)
                for block in 0..<run.blocks where bits[block >> 3] & (1 << UInt8(block & 7)) != 0 {
                    region.changed.insert(start + block)
                }
            }
            region.runs.append(run)
            start += run.blocks
        }
        return region
    }
}
