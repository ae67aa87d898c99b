internal import FerryCore
internal import FerryWire

/// A batch on its way from offer to durable. Lives on the session's event loop.
final class Batch {
    let number: UInt64
    let disk: UInt16
    /// The volume that it changes: what its disk's number meant when it was offered.
    var volume: Volume
    /// Its regions in order, each once.
    private let regions: [Range<UInt32>]
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
    /// For how many it waits before it begins.
    private var waitsFor = 0
    /// Batches that wait for this one.
    private var behind: [Batch] = []
    /// What begins it, while it waits.
    var start: (() -> Void)?
    private let memory: OfferMemory
    /// What it holds of `memory`, in bytes.
    private(set) var cost: Int

    init(_ offer: Offer, volume: Volume, memory: OfferMemory) {
        self.volume = volume
        self.memory = memory
        number = offer.batch
        disk = offer.disk
        regions = Batch.merged(
            offer.regions.map { Batch.regions(from: $0.index, count: 1) }
                + offer.emptyRanges.map { Batch.regions(from: $0.first, count: $0.count) }
        )
        cost = OfferMemory.cost(of: offer)
        memory.add(cost)
    }

    deinit { memory.add(-cost) }

    /// Notes that it holds `bytes` more.
    func grow(by bytes: Int) {
        cost += bytes
        memory.add(bytes)
    }

    /// What no disk has is cut off: an offer of it is refused when it is looked at.
    private static func regions(from first: UInt32, count: UInt32) -> Range<UInt32> {
        first..<(first + min(count, .max - first))
    }

    private static func merged(_ ranges: [Range<UInt32>]) -> [Range<UInt32>] {
        var merged: [Range<UInt32>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    /// Its regions among those of all volumes.
    var regionKeys: some Sequence<UInt64> {
        let volume = UInt64(volume.record.number) << 32
        return regions.lazy.joined().lazy.map { volume | UInt64($0) }
    }

    /// Whether it waits for another.
    var isWaiting: Bool { waitsFor > 0 }

    /// Makes `other` wait for this one; others must not come between two calls for one and the same.
    func hasBehind(_ other: Batch) {
        guard behind.last !== other else { return }
        behind.append(other)
        other.waits()
    }

    /// Notes that it waits for one more.
    func waits() { waitsFor += 1 }

    /// Notes that it waits for one less.
    /// - Returns: whether it waits for nobody now.
    func waitsNoMore() -> Bool {
        waitsFor -= 1
        return waitsFor == 0
    }

    /// The batches that waited for this one; nobody does afterwards.
    func takeThoseBehind() -> [Batch] {
        defer { behind = [] }
        return behind
    }

    /// Whether no task works on the batch any more and none will.
    var isIdle: Bool { partsUnderWay == 0 && resolution != nil }

    /// Whether all needed runs have come.
    var isComplete: Bool {
        guard let resolution else { return false }
        return partsUnderWay == 0 && nextNeeded == resolution.needed.count
    }
}
