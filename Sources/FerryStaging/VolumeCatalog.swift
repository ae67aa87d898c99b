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
        /// Whether the volume's manifest is still that of the generation.
        public var agreesWithGeneration: Bool
        /// Regions whose content is not what the manifest says.
        public var wrongRegions: [UInt32]
        /// Bytes of chunks that were read and agree.
        public var dataBytes: UInt64
    }

    /// Reads the volume named `JOB/DISK` back and compares it with its manifest.
    public func verify(_ name: String) throws -> Verification {
        let record = try volume(name)
        let generation = try lastGeneration(of: record)
        let storage = try VolumeStorage(path: path(of: record), size: ByteCount(record.size), readOnly: true)
        let volume = Volume(record: record, storage: storage, isFresh: false)
        let root = try ReadBack.root(of: volume, in: store.index)
        let outcome = try ReadBack.check(
            0..<UInt32(volume.regionCount),
            of: volume,
            in: store.index,
            memory: WorkerMemory()
        )
        return Verification(
            generation: record.lastGeneration,
            agreesWithGeneration: generation?.root == root.description,
            wrongRegions: outcome.wrong,
            dataBytes: outcome.dataBytes
        )
    }

    /// Where a volume lies whose last generation is what it holds now.
    public struct Verified: Sendable, Hashable {
        /// The path of the file or device.
        public var path: String
        /// The disk's size: a device may be larger.
        public var size: ByteCount
        /// The generation.
        public var generation: UInt64
    }

    /// Where the volume named `JOB/DISK` lies, if its last generation is what it holds now.
    /// - Throws: `FerryError` with `volumeNotReady` if there is no generation, or a pass has begun to change it.
    public func verified(_ name: String) throws -> Verified {
        let record = try volume(name)
        let storage = try VolumeStorage(path: path(of: record), size: ByteCount(record.size), readOnly: true)
        let root = try ReadBack.root(
            of: Volume(record: record, storage: storage, isFresh: false),
            in: store.index
        )
        guard let generation = try lastGeneration(of: record), generation.root == root.description else {
            throw FerryError(
                .volumeNotReady,
                operation: "hand on",
                subject: "the volume \(name)",
                cause: record.lastGeneration == 0
                    ? "no pass of it was verified yet" : "a pass is under way that has changed it",
                advice: "Wait for the agent to say that the pass was verified.",
                retry: .later
            )
        }
        return Verified(path: storage.path, size: storage.size, generation: generation.number)
    }
}
