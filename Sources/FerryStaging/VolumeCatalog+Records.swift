public import FerryCore
internal import FerryImage

extension VolumeCatalog {
    /// The catalog of a data directory that is open already; a process may open one only once.
    init(store: StagingStore) { self.store = store }

    /// Runs `body` with the last generation of the volume named `JOB/DISK` and its manifest, as of one moment: what a
    /// server writes to the index meanwhile is not seen. The index keeps what is seen, so it grows while a server works.
    /// - Throws: `FerryError` with `volumeUnknown`, or with `volumeNotReady` if there is no generation, or a pass has
    ///   begun to change the volume's manifest.
    public func withLastGeneration<Result>(
        of name: String,
        _ body: (GenerationManifest) throws -> Result
    ) throws -> Result {
        _ = try volume(name)
        return try store.index.read { reading in
            let record = try reading.value(.volumes, Array(name.utf8)) { try IndexCoding.decode(VolumeRecord.self, $0) }
            guard let record else { throw GenerationManifest.notReady(name, "it is gone") }
            let key = GenerationRecord.key(volume: record.number, number: record.lastGeneration)
            guard
                let generation = try reading.value(
                    .generations,
                    key,
                    { try IndexCoding.decode(GenerationRecord.self, $0) }
                )
            else { throw GenerationManifest.notReady(name, "no pass of it was verified yet") }
            let agent = try reading.value(.jobs, Array(record.job.utf8)) { String(decoding: $0, as: UTF8.self) }
            let manifest = GenerationManifest(
                volume: record,
                generation: generation,
                agent: agent ?? "",
                path: path(of: record),
                reading: reading
            )
            var tree = MerkleTree()
            let isWhole = try manifest.forEachRecord { tree.append(leaf: SHA256.digest(prefix: 0, of: $0)) }
            guard isWhole, tree.root.description == generation.root else {
                throw GenerationManifest.notReady(name, "a pass is under way that has changed it")
            }
            return try body(manifest)
        }
    }
}

/// The manifest of a volume's last generation. Not to be kept beyond the call that hands it out.
public struct GenerationManifest {
    /// What the index says of the volume.
    public let volume: VolumeRecord
    /// The generation.
    public let generation: GenerationRecord
    /// The agent that owns the job.
    public let agent: String
    /// Where the volume lies.
    public let path: String
    let reading: Reading

    /// The disk's size.
    public var size: ByteCount { ByteCount(volume.size) }

    /// Calls `body` with the bytes of each region's record, in order.
    /// - Throws: what `body` throws, or `FerryError` with `volumeNotReady` if a record is missing.
    public func forEachRegion(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard try forEachRecord(body) else {
            throw GenerationManifest.notReady(volume.name, "a part of it is not known")
        }
    }

    /// The same; returns whether all records were there.
    func forEachRecord(_ body: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
        let count = ImageLayout.regionCount(ofDisk: size)
        let start = RecordKey(volume: volume.number, region: 0).withKeyBytes { Array($0) }
        var next = 0
        try reading.scan(.records, from: start) { key, value in
            guard let region = RecordKey.region(of: key, volume: volume.number), Int(region) == next else {
                return false
            }
            try body(value)
            next += 1
            return next < count
        }
        return next == count
    }

    static func notReady(_ name: String, _ cause: String) -> FerryError {
        FerryError(
            .volumeNotReady,
            operation: "hand on",
            subject: "the volume \(name)",
            cause: cause,
            advice: "Wait for the agent to say that the pass was verified.",
            retry: .later
        )
    }
}
