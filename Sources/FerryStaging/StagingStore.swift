internal import FerryCore
internal import Glibc
internal import Synchronization

/// The data directory of a staging server: the index, the volumes, and the chunks that can be found in them.
///
/// Reading is for any thread; `commit` and the other writing calls are for one thread at a time.
final class StagingStore: Sendable {
    private struct Unindexed: Sendable {
        var waiting: [UInt64: ChunkLocation] = [:]
        var underWay: [UInt64: ChunkLocation] = [:]
    }

    let directory: String
    let index: Index
    let devices: [String: String]
    let volumes = Mutex<[UInt32: Volume]>([:])
    let unused = UnusedVolumes()
    private let lock: DataDirectoryLock?
    private let chunks = Mutex(Unindexed())
    private let checkpoints = Mutex(CheckpointHistory())

    /// Opens or makes the data directory.
    /// - Parameter devices: for `JOB/DISK` the path of the block device that shall hold the volume.
    init(directory: String, devices: [String: String] = [:], readOnly: Bool = false) throws(FerryError) {
        self.directory = directory
        self.devices = devices
        for path in readOnly ? [] : [directory, "\(directory)/index", "\(directory)/volumes"] {
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw StagingStore.unusable(path, String(cString: strerror(errno)))
            }
        }
        var status = stat()
        guard stat("\(directory)/index", &status) == 0 else {
            throw StagingStore.unusable(directory, "it is not the data directory of a staging server")
        }
        lock = readOnly ? nil : try DataDirectoryLock(directory)
        index = try Index(directory: "\(directory)/index", readOnly: readOnly)
    }

    static func unusable(_ path: String, _ cause: String) -> FerryError {
        FerryError(
            .stagingData,
            operation: "use",
            subject: "the data directory \(path)",
            cause: cause,
            advice: "Name a directory that this user may write to."
        )
    }

    /// The agent that owns `job`; nil if nobody does yet.
    func owner(of job: JobID) throws -> String? {
        try index.read { try $0.value(.jobs, Array(job.name.utf8)) { String(decoding: $0, as: UTF8.self) } }
    }

    /// Makes `agent` the owner of `job`, unless somebody else is.
    /// - Throws: `FerryError` with `jobForeign`.
    func claim(_ job: JobID, for agent: AgentName) throws {
        let owner = try owner(of: job)
        if owner == nil {
            try index.write { try $0.put(.jobs, Array(job.name.utf8), Array(agent.name.utf8)) }
        } else if owner != agent.name {
            throw FerryError(
                .jobForeign,
                operation: "give agent \(agent)",
                subject: "the job \(job)",
                cause: "it belongs to another agent",
                advice: "Use another job name, or the identity that the job began with."
            )
        }
    }

    /// The record of the volume of `disk` of `job`; nil if there is none.
    func volumeRecord(job: String, disk: String) throws -> VolumeRecord? {
        try index.read {
            try $0.value(.volumes, VolumeRecord.key(job: job, disk: disk)) {
                try IndexCoding.decode(VolumeRecord.self, $0)
            }
        }
    }

    /// The records of all volumes.
    func volumeRecords() throws -> [VolumeRecord] {
        try index.read { reading in
            var records: [VolumeRecord] = []
            try reading.scan(.volumes, from: []) { _, value in
                records.append(try IndexCoding.decode(VolumeRecord.self, value))
                return true
            }
            return records
        }
    }

    /// Where the volume of `record` lies.
    func path(of record: VolumeRecord) -> String {
        record.path.hasPrefix("/") ? record.path : "\(directory)/\(record.path)"
    }

    /// The open volume with `number`; opened to be read if it is not in use.
    func volume(_ number: UInt32) -> Volume? {
        if let volume = volumes.withLock({ $0[number] }) { return volume }
        return unused.volume(number) {
            guard let record = try? volumeRecords().first(where: { $0.number == number }),
                let storage = try? openStorage(of: record, .read)
            else { return nil }
            return Volume(record: record, storage: storage, isFresh: false)
        }
    }

    /// The volumes that were opened since the server started.
    var openVolumes: [Volume] { volumes.withLock { Array($0.values) } }

    /// How many chunks are known and not yet in the index.
    var unindexedChunkCount: Int { chunks.withLock { $0.waiting.count + $0.underWay.count } }

    /// How the checkpoints went so far.
    var checkpointHistory: CheckpointHistory { checkpoints.withLock { $0 } }

    /// Where a chunk named `digest` may be.
    func location(of digest: Digest, _ reading: Reading) throws -> ChunkLocation? {
        let key = digest.indexKey
        if let location = chunks.withLock({ $0.waiting[key] ?? $0.underWay[key] }) { return location }
        return try reading.value(.chunks, key) { ChunkLocation($0) } ?? nil
    }

    /// Notes where chunks were written; durable with the next checkpoint, usable now.
    func note(_ written: [(UInt64, ChunkLocation)]) {
        chunks.withLock { for (key, location) in written { $0.waiting[key] = location } }
    }

    /// Makes all that was noted for `volumes` durable: first the volumes, then the index.
    func commit(_ volumes: [Volume]) throws {
        let located = chunks.withLock { chunks in
            chunks.underWay = chunks.waiting
            chunks.waiting = [:]
            return chunks.underWay
        }
        let records = volumes.map { ($0, $0.beginCheckpoint()) }
        var succeeded = false
        defer {
            checkpoints.withLock { $0.note(succeeded: succeeded) }
            for volume in volumes { volume.endCheckpoint(succeeded: succeeded) }
            chunks.withLock { chunks in
                if !succeeded { chunks.waiting.merge(chunks.underWay) { waiting, _ in waiting } }
                chunks.underWay = [:]
            }
        }
        for volume in volumes { try volume.storage.synchronize() }
        try index.write { writing in
            for (volume, records) in records {
                for region in records.keys.sorted() {
                    guard let bytes = records[region] else { continue }
                    try writing.put(.records, RecordKey(volume: volume.record.number, region: region), bytes)
                }
            }
            for key in located.keys.sorted() {
                guard let location = located[key] else { continue }
                try writing.put(.chunks, key, location.encoded)
            }
        }
        succeeded = true
    }

    /// Notes that a pass of `volume` was read back and agreed.
    func addGeneration(_ generation: GenerationRecord, to volume: Volume) throws {
        // What was read is the disk that the pass was opened with, whatever is opened later.
        var generation = generation
        generation.identity = volume.record.identity
        generation.cutRule = volume.record.cutRule
        let generationBytes = try IndexCoding.encode(generation)
        let key = VolumeRecord.key(job: volume.record.job, disk: volume.record.disk)
        try index.write { writing in
            var record =
                try writing.reading.value(.volumes, key) { try IndexCoding.decode(VolumeRecord.self, $0) }
                ?? volume.record
            record.lastPass = generation.pass
            record.lastGeneration = generation.number
            try writing.put(.volumes, key, try IndexCoding.encode(record))
            try writing.put(
                .generations,
                GenerationRecord.key(volume: record.number, number: generation.number),
                generationBytes
            )
        }
    }

    /// The volume with what the index says of it now.
    func reopened(_ volume: Volume) throws -> Volume {
        guard let record = try volumeRecord(job: volume.record.job, disk: volume.record.disk) else { return volume }
        let reopened = Volume(volume, record: record)
        volumes.withLock { $0[record.number] = reopened }
        return reopened
    }

    /// The generation `number` of a volume; nil if there is none.
    func generation(volume: UInt32, number: UInt64) throws -> GenerationRecord? {
        try index.read {
            try $0.value(.generations, GenerationRecord.key(volume: volume, number: number)) {
                try IndexCoding.decode(GenerationRecord.self, $0)
            }
        }
    }

    /// Forgets what is known of `regions`, because a read-back has shown it to be wrong.
    func forget(_ regions: [UInt32], of volume: Volume) throws {
        // Somebody else has written there, whatever this process knows of its own writing.
        for region in regions { volume.touch(region) }
        try index.write { writing in
            for region in regions {
                try writing.remove(.records, RecordKey(volume: volume.record.number, region: region))
            }
        }
    }
}
