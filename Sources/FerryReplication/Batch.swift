internal import FerryCore
internal import FerryImage
internal import FerryWire

/// Regions that were scanned together and travel together. Lives on the job's event loop; a pack task gets what it needs of
/// it as a `PackTask.Content`.
///
/// @unchecked Sendable: only the event loop touches it; what runs elsewhere carries it back there and nothing more.
final class Batch: @unchecked Sendable {
    struct Region {
        var offered: OfferedRegion
        var tags: [BlockTag]
        /// The region's content; nil once it is packed.
        var buffer: RegionBuffer?
        /// Bytes of the region.
        var length: Int
    }

    let disk: Int
    let pass: UInt64
    let isRepair: Bool
    var regions: [Region]
    let emptyRanges: [EmptyRange]
    /// The number under which it was offered on its present lane.
    var number: UInt64 = 0
    /// For each `chunk` and `patch` run, in order, whether its content is needed; nil before the answer.
    var needed: [Bool]?
    /// Regions that the staging server could not take because it knows another base.
    var outOfStep: Set<UInt32> = []
    /// Bytes of its packed content that were sent on its present lane.
    var packedBytes = 0
    /// Whether a worker is packing its content.
    var isBeingPacked = false
    /// Whether its content has gone out, or none was needed.
    var isSent = false

    init(disk: Int, pass: UInt64, isRepair: Bool, regions: [Region], emptyRanges: [EmptyRange]) {
        self.disk = disk
        self.pass = pass
        self.isRepair = isRepair
        self.regions = regions
        self.emptyRanges = emptyRanges
    }

    /// Bytes of content that the offer may come to.
    static func contentLength(_ region: Region) -> Int {
        region.offered.runs.reduce(0) { sum, run in
            switch run.kind {
            case .chunk: sum + run.blocks * ImageLayout.blockSize
            case .patch:
                sum + region.offered.changed.count(in: run.start..<(run.start + run.blocks)) * ImageLayout.blockSize
            default: sum
            }
        }
    }

    /// The numbers of its regions, with content and without.
    var allRegions: [Int] {
        regions.map { Int($0.offered.index) }
            + emptyRanges.flatMap { Int($0.first)..<(Int($0.first) + Int($0.count)) }
    }

    /// Whether the content is still here, so that the batch can be offered again as it is.
    var hasContent: Bool { regions.allSatisfy { $0.buffer != nil } }
}

extension OfferedRegion {
    /// Whether it takes nothing over from what is durable already.
    var standsAlone: Bool { runs.allSatisfy { $0.kind != .keep && $0.kind != .patch } }
}
