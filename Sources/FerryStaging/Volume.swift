internal import FerryCore
internal import FerryImage
internal import Synchronization

/// A volume in use: its storage, and what is known of its regions but not yet in the index.
final class Volume: Sendable {
    /// Encoded records that wait for the next checkpoint, or are in the one under way.
    private struct Unindexed: Sendable {
        var waiting: [UInt32: [UInt8]] = [:]
        var underWay: [UInt32: [UInt8]] = [:]
    }

    /// What the index says of the volume.
    let record: VolumeRecord
    /// Where its bytes lie.
    let storage: VolumeStorage
    private let notes: Notes

    init(record: VolumeRecord, storage: VolumeStorage, isFresh: Bool) {
        self.record = record
        self.storage = storage
        notes = Notes(regions: isFresh ? ImageLayout.regionCount(ofDisk: storage.size) : nil)
    }

    /// The same volume, of which the index says something else now.
    init(_ other: Volume, record: VolumeRecord) {
        self.record = record
        storage = other.storage
        notes = other.notes
    }

    /// What is known of a volume beside the index.
    private final class Notes: Sendable {
        let unindexed = Mutex(Unindexed())
        /// For a volume that this process made, one bit for each region that was written to; empty for any other.
        let touched: Mutex<[UInt64]>

        init(regions: Int?) { touched = Mutex(regions.map { Array(repeating: 0, count: $0 / 64 + 1) } ?? []) }
    }

    /// Whether nothing was ever written to region `index`, so that it needs no clearing.
    func isUntouched(_ index: UInt32) -> Bool {
        notes.touched.withLock { !$0.isEmpty && $0[Int(index) / 64] & (1 << UInt64(index % 64)) == 0 }
    }

    /// Notes that region `index` is about to be written to.
    func touch(_ index: UInt32) {
        notes.touched.withLock { if !$0.isEmpty { $0[Int(index) / 64] |= 1 << UInt64(index % 64) } }
    }

    /// The disk's size.
    var size: ByteCount { storage.size }
    /// How many regions the disk has.
    var regionCount: Int { ImageLayout.regionCount(ofDisk: size) }

    /// What region `index` holds, as far as this process or the index knows; nil if nothing is known.
    func regionRecord(_ index: UInt32, _ reading: Reading) throws -> RegionRecord? {
        let blocks = ImageLayout.blockCount(ofRegion: Int(index), disk: size)
        if let bytes = notes.unindexed.withLock({ $0.waiting[index] ?? $0.underWay[index] }) {
            return try bytes.withUnsafeBytes { try RegionRecord(decoding: $0, blocks: blocks) }
        }
        // A checkpoint that ended since `reading` began has taken it from memory into a later state of the index.
        try reading.renew()
        return try reading.value(.records, RecordKey(volume: record.number, region: index)) {
            try? RegionRecord(decoding: $0, blocks: blocks)
        } ?? nil
    }

    /// How many regions are known and not yet in the index.
    var unindexedCount: Int { notes.unindexed.withLock { $0.waiting.count + $0.underWay.count } }

    /// Notes what regions hold now; durable with the next checkpoint.
    func note(_ records: [(UInt32, [UInt8])]) {
        notes.unindexed.withLock { for (index, bytes) in records { $0.waiting[index] = bytes } }
    }

    /// Takes what waits into the checkpoint that begins.
    func beginCheckpoint() -> [UInt32: [UInt8]] {
        notes.unindexed.withLock { unindexed in
            let taken = unindexed.waiting
            unindexed.waiting = [:]
            // There may be two of one volume in a checkpoint, with one set of notes.
            unindexed.underWay.merge(taken) { _, later in later }
            return taken
        }
    }

    /// The checkpoint under way is in the index, or failed: then nothing that was noted is believed any more, because
    /// what the storage has failed to keep it need not report twice.
    func endCheckpoint(succeeded: Bool) {
        notes.unindexed.withLock { unindexed in
            if !succeeded { unindexed.waiting = [:] }
            unindexed.underWay = [:]
        }
    }
}

/// The key of a region's record in the index.
struct RecordKey: ContiguousBytesKey {
    var volume: UInt32
    var region: UInt32

    func withKeyBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try Swift.withUnsafeBytes(of: (volume.bigEndian, region.bigEndian), body)
    }

    static func region(of key: UnsafeRawBufferPointer, volume: UInt32) -> UInt32? {
        guard key.count == 8, UInt32(bigEndian: key.loadUnaligned(as: UInt32.self)) == volume else { return nil }
        return UInt32(bigEndian: key.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    }
}
