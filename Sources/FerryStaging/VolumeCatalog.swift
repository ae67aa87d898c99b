public import FerryCore
internal import FerryImage

/// The volumes of a data directory, for looking at; a server may be at work in it meanwhile.
public struct VolumeCatalog: Sendable {
    let store: StagingStore

    /// The catalog of the data directory `directory`.
    /// - Throws: `FerryError` with `stagingData` or `stagingIndex`.
    public init(directory: String) throws(FerryError) {
        store = try StagingStore(directory: directory, readOnly: true)
    }

    /// All volumes.
    public func volumes() throws -> [VolumeRecord] { try store.volumeRecords() }

    /// Where a volume lies.
    public func path(of volume: VolumeRecord) -> String { store.path(of: volume) }

    /// The volume named `JOB/DISK`.
    /// - Throws: `FerryError` with `volumeUnknown`.
    public func volume(_ name: String) throws -> VolumeRecord {
        let volumes = try volumes()
        guard let volume = volumes.first(where: { $0.name == name }) else {
            let known = volumes.map(\.name).joined(separator: ", ")
            throw FerryError(
                .volumeUnknown,
                operation: "find",
                subject: "the volume \(name)",
                cause: "there is none of that name",
                advice: known.isEmpty ? "There is no volume at all." : "There are: \(known)."
            )
        }
        return volume
    }

    /// The last generation of a volume; nil if there is none.
    public func lastGeneration(of volume: VolumeRecord) throws -> GenerationRecord? {
        try store.generation(volume: volume.number, number: volume.lastGeneration)
    }

    /// What a read-back of a volume showed.
    public struct Verification: Sendable {
        /// The generation compared with; 0 if there is none.
        public var generation: UInt64
        /// Whether the volume's manifest was that of the generation, from before it was read until after.
        public var agreesWithGeneration: Bool
        /// Whether a pass changed the manifest while the volume was read: what was found is of no moment at all then.
        public var changedMeanwhile: Bool
        /// Regions whose content is not what the manifest says.
        public var wrongRegions: [UInt32]
        /// Bytes of chunks that were read and agree.
        public var dataBytes: UInt64
    }

    /// Regions that are read between two words of progress: so few that a slow disk lets something be said too.
    private static let regionsAtATime: UInt32 = 16

    /// Reads the volume named `JOB/DISK` back and compares it with its manifest.
    public func verify(_ name: String, progress: Progress = { _, _ in }) throws -> Verification {
        let record = try volume(name)
        let generation = try lastGeneration(of: record)
        let storage = try store.openStorage(of: record, .read)
        let volume = Volume(record: record, storage: storage, isFresh: false)
        let root = try ReadBack.root(of: volume, in: store.index)
        let memory = WorkerMemory()
        var outcome = ReadBack.Outcome()
        var next: UInt32 = 0
        while next < volume.regionCount {
            let range = next..<min(next + VolumeCatalog.regionsAtATime, UInt32(volume.regionCount))
            outcome.add(try ReadBack.check(range, of: volume, in: store.index, memory: memory))
            next = range.upperBound
            progress(min(volume.size, ByteCount(UInt64(next) * UInt64(ImageLayout.regionSize))), volume.size)
        }
        let rootAfterwards = try ReadBack.root(of: volume, in: store.index)
        return Verification(
            generation: record.lastGeneration,
            agreesWithGeneration: generation?.root == root.description && root == rootAfterwards,
            changedMeanwhile: root != rootAfterwards,
            wrongRegions: outcome.wrong,
            dataBytes: outcome.dataBytes
        )
    }
}
