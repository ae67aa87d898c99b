internal import FerryCore
internal import FerryWire

/// A batch on its way from offer to durable. Lives on the session's event loop.
final class Batch {
    let number: UInt64
    let disk: UInt16
    /// The number of the volume that it changes.
    let volume: UInt32
    let regions: [UInt32]
    let ranges: [EmptyRange]
    /// What the offer came to; nil while it is being looked at.
    var resolution: OfferResolution?
    /// The next needed run that is expected, counted among the needed.
    var nextNeeded = 0
    /// Bytes of content that came for it, as packed.
    var receivedBytes = 0
    /// Parts that are being applied.
    var partsUnderWay = 0
    /// Regions that turned out wrong while their parts were applied.
    var outOfStep: Set<UInt32> = []
    /// Everything of it is written.
    var isApplied = false
    /// Everything of it is on stable storage and indexed.
    var isDurable = false
    /// Its lane is gone.
    var isAbandoned = false

    init(_ offer: Offer, volume: UInt32) {
        self.volume = volume
        number = offer.batch
        disk = offer.disk
        regions = offer.regions.map(\.index)
        ranges = offer.emptyRanges
    }

    /// Whether no task works on the batch any more and none will.
    var isIdle: Bool { partsUnderWay == 0 && resolution != nil }

    /// Whether all needed runs have come.
    var isComplete: Bool {
        guard let resolution else { return false }
        return partsUnderWay == 0 && nextNeeded == resolution.needed.count
    }

    /// Whether the batch touches a region that `other` touches.
    func overlaps(_ other: Batch) -> Bool {
        guard volume == other.volume else { return false }
        if regions.contains(where: { other.touches($0) }) { return true }
        return ranges.contains { range in
            other.regions.contains { $0 >= range.first && $0 - range.first < range.count }
                || other.ranges.contains {
                    UInt64($0.first) < UInt64(range.first) + UInt64(range.count)
                        && UInt64(range.first) < UInt64($0.first) + UInt64($0.count)
                }
        }
    }

    private func touches(_ region: UInt32) -> Bool {
        regions.contains(region) || ranges.contains { region >= $0.first && region - $0.first < $0.count }
    }
}
