internal import FerryWire
internal import Synchronization

/// How much the offers of one agent hold in memory, from the frame until they are durable or given up, on all its lanes
/// and in all its jobs. What they hold is many times what they are long on the wire.
final class OfferMemory: Sendable {
    /// So many bytes they may hold. An agent with the most memory that it can be given comes to 30 MiB at the worst.
    static let most = 256 << 20

    /// A batch ends on whatever thread lets go of it last.
    private let bytes = Atomic<Int>(0)

    /// Whether nothing more may come.
    var isFull: Bool { bytes.load(ordering: .relaxed) > OfferMemory.most }

    /// Notes that `bytes` bytes more are held, or (negative) less.
    func add(_ bytes: Int) { self.bytes.add(bytes, ordering: .relaxed) }

    /// What an offer comes to: its regions with their place among those claimed, and its runs twice, as offered and as
    /// needed. Its records are counted when they are made: a `keep` can stand for many runs.
    static func cost(of offer: Offer) -> Int {
        let empty = offer.emptyRanges.reduce(0) { $0 + Int($1.count) }
        let runs = offer.regions.reduce(0) { $0 + $1.runs.count }
        return 1024 + 160 * (offer.regions.count + empty + runs)
    }
}
