internal import FerryCore
internal import Glibc

/// A volume as those see it who only look.
struct VolumeStatus: Sendable {
    private let record: VolumeRecord
    private let generation: GenerationRecord?
    /// Bytes of storage that it takes; nil if its file cannot be looked at.
    private let allocatedBytes: UInt64?

    private init(_ record: VolumeRecord, in store: StagingStore) throws {
        self.record = record
        generation = try store.generation(volume: record.number, number: record.lastGeneration)
        var status = stat()
        if stat(store.path(of: record), &status) == 0 {
            let isDevice = status.st_mode & S_IFMT == S_IFBLK
            allocatedBytes = isDevice ? record.size : UInt64(status.st_blocks) * 512
        } else {
            allocatedBytes = nil
        }
    }

    /// All volumes, by name.
    static func all(in store: StagingStore) throws -> [VolumeStatus] {
        try store.volumeRecords().map { try VolumeStatus($0, in: store) }
    }

    /// The volume named `JOB/DISK`.
    /// - Throws: `FerryError` with `volumeUnknown`.
    static func named(_ name: String, in store: StagingStore) throws -> VolumeStatus {
        let parts = name.split(separator: "/").map(String.init)
        guard parts.count == 2, let record = try store.volumeRecord(job: parts[0], disk: parts[1]) else {
            throw FerryError(
                .volumeUnknown,
                operation: "find",
                subject: "the volume \(String(name.prefix(140)))",
                cause: "there is none of that name",
                advice: "/volumes lists those that there are."
            )
        }
        return try VolumeStatus(record, in: store)
    }

    /// Writes the members of the volume.
    func write(to json: inout JSONText) {
        json.member("volume", record.name)
        json.member("job", record.job)
        json.member("disk", record.disk)
        json.member("sizeBytes", record.size)
        json.member("allocatedBytes", allocatedBytes)
        json.member("pass", record.lastPass)
        json.member("generation", record.lastGeneration)
        guard let generation else { return }
        json.member("verifiedAt", generation.verifiedAt)
        json.member("startedAt", generation.startedAt)
        json.member("endedAt", generation.endedAt)
        json.member("consistency", generation.isConsistent ? "consistent" : "fuzzy")
        json.member("root", generation.root)
        json.member("dataBytes", generation.dataBytes)
        json.member("unusedBytes", generation.unusedBytes)
        json.member("damagedBytes", generation.damagedBytes)
    }
}
