internal import CFerryLinux
internal import FerryCore
internal import FerryImage
internal import Glibc
internal import Synchronization

/// Opening, making and resizing volumes.
extension StagingStore {
    /// The volume of a disk, made if there is none.
    func openVolume(job: JobID, disk: DiskName, size: ByteCount, identity: String, cutRule: UInt8) throws -> Volume {
        guard let known = try volumeRecord(job: job.name, disk: disk.name) else {
            return try makeVolume(job: job, disk: disk, size: size, identity: identity, cutRule: cutRule)
        }
        let open = volumes.withLock { $0[known.number] }
        var record = known
        if open == nil { record.path = try pathNow(of: known) }
        unused.forget(known.number)
        var storage = try open?.storage ?? openStorage(of: record, .write)
        record.device = storage.deviceIdentity
        record.identity = identity
        record.cutRule = cutRule
        if storage.size != size {
            storage = try VolumeStorage(storage, size: size)
            // The index may have the size since an attempt that failed half-way.
            if record.size == size.bytes { try storage.setLength() }
        }
        if record.size != size.bytes {
            try resize(&record, storage)
        } else if record != known {
            try write(record)
        }
        if let open, open.size == size, open.record == record { return open }
        let volume =
            if let open, open.size == size {
                Volume(open, record: record)
            } else {
                Volume(record: record, storage: storage, isFresh: false)
            }
        volumes.withLock { $0[record.number] = volume }
        return volume
    }

    /// Opens where the volume of `record` lies.
    /// - Throws: `FerryError` with `volumeSwapped` if another device has the path now, or what opening fails with.
    func openStorage(of record: VolumeRecord, _ access: VolumeStorage.Access) throws(FerryError) -> VolumeStorage {
        let storage = try VolumeStorage(path: path(of: record), size: ByteCount(record.size), access)
        if let device = record.device, storage.deviceIdentity != device {
            throw FerryError(
                .volumeSwapped,
                operation: "use",
                subject: "\(storage.path) for the volume \(record.name)",
                cause: "the volume lies on the device \(device), and this is "
                    + (storage.deviceIdentity.map { "the device \($0)" } ?? "none that tells what it is"),
                advice:
                    "Name the volume's device with --volume \(record.name)=/dev/...; for another device use another "
                    + "job or disk name."
            )
        }
        return storage
    }

    /// Where the volume of `record` lies now: a device may have another name than it had.
    private func pathNow(of record: VolumeRecord) throws(FerryError) -> String {
        guard let device = devices[record.name], device != record.path else { return record.path }
        guard record.path.hasPrefix("/") else {
            throw FerryError(
                .volumeMismatch,
                operation: "use the device",
                subject: "\(device) for the volume \(record.name)",
                cause: "the volume was made as the file \(path(of: record))",
                advice: "Leave --volume out, or use another job or disk name: everything is sent again."
            )
        }
        return device
    }

    private func makeVolume(
        job: JobID,
        disk: DiskName,
        size: ByteCount,
        identity: String,
        cutRule: UInt8
    ) throws -> Volume {
        let number = (try volumeRecords().map(\.number).max() ?? 0) + 1
        var generator = SystemRandomNumberGenerator()
        let device = devices["\(job)/\(disk)"]
        var record = VolumeRecord(
            number: number,
            identifier: Hexadecimal.text((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }),
            job: job.name,
            disk: disk.name,
            size: size.bytes,
            identity: identity,
            cutRule: cutRule,
            path: device ?? "volumes/\(job)/\(disk).raw",
            lastPass: 0,
            lastGeneration: 0
        )
        if device == nil {
            let folder = "\(directory)/volumes/\(job)"
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                throw StagingStore.unusable(folder, String(cString: strerror(errno)))
            }
            try removeEmptyFile(path(of: record))
        }
        let storage = try VolumeStorage(path: path(of: record), size: size, device == nil ? .make : .takeDevice)
        record.device = storage.deviceIdentity
        try storage.synchronize()
        if device == nil {
            for folder in ["\(directory)/volumes/\(job)", "\(directory)/volumes", directory] {
                try VolumeStorage.synchronize(folder: folder)
            }
        }
        try write(record)
        // A device holds what it held: each region is cleared when it is first offered.
        let volume = Volume(record: record, storage: storage, isFresh: device == nil)
        volumes.withLock { $0[record.number] = volume }
        return volume
    }

    /// Removes a file that the index does not know, which a crash leaves between making the one and writing the other. It
    /// is empty then: one with content is somebody's volume whose index is lost, and not this server's to give up.
    private func removeEmptyFile(_ path: String) throws(FerryError) {
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 || errno != ENOENT else { return }
        defer { close(file) }
        guard file >= 0, ferry_seek_data(file, 0) < 0, errno == ENXIO else {
            throw FerryError(
                .volumeMismatch,
                operation: "make",
                subject: "the volume \(path)",
                cause: "there is a file with content already, of which the index knows nothing",
                advice:
                    "Bring the index back if it was lost, or move the file away; agents wait and go on by themselves.",
                retry: .later
            )
        }
        unlink(path)
    }

    /// Gives the volume the size of `storage`, which its disk has now. What is known of regions whose blocks differ is
    /// forgotten; the generations before it are not to be had any more.
    private func resize(_ record: inout VolumeRecord, _ storage: VolumeStorage) throws {
        let size = storage.size.bytes
        let former = record.size
        record.size = size
        // A file longer than the index says is cut when it is opened next; a shorter one would be missing content.
        if size > former { try storage.setLength() }
        let bytes = try IndexCoding.encode(record)
        let key = VolumeRecord.key(job: record.job, disk: record.disk)
        let regions = ImageLayout.regionCount(ofDisk: ByteCount(former))
        let kept = Int(min(size, former) / UInt64(ImageLayout.regionSize))
        try index.write { [number = record.number] writing in
            for region in kept..<max(kept, regions) {
                try writing.remove(.records, RecordKey(volume: number, region: UInt32(region)))
            }
            try writing.put(.volumes, key, bytes)
        }
        if size < former { try storage.setLength() }
    }

    private func write(_ record: VolumeRecord) throws {
        let bytes = try IndexCoding.encode(record)
        try index.write { try $0.put(.volumes, VolumeRecord.key(job: record.job, disk: record.disk), bytes) }
    }
}
