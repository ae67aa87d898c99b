public import FerryCore
internal import FerryImage
internal import Glibc

/// A copy of a volume's last generation that no later pass can touch.
public struct VolumeSnapshot: Sendable {
    /// How the copy was made.
    public enum Method: String, Sendable {
        /// The file system made it share all blocks with the volume; later writes part them.
        case reflink
        /// Only what has content was copied.
        case copy
    }

    /// How it was made.
    public let method: Method
    /// The generation that it is.
    public let generation: UInt64
    /// Bytes of chunks that were hashed on the way, all of which agreed.
    public let dataBytes: ByteCount
}

extension VolumeCatalog {
    /// Told again and again how much of a volume was gone through, and how much there is.
    public typealias Progress = (_ done: ByteCount, _ total: ByteCount) -> Void

    /// Copies the last generation of the volume named `JOB/DISK` to a new file at `target`.
    /// - Throws: `FerryError` with `volumeNotReady`, `stagingNoSpace`, `stagingData` or `volumeFailed`.
    public func snapshot(
        _ name: String,
        to target: String,
        progress: Progress = { _, _ in }
    ) throws -> VolumeSnapshot {
        let file = try NewFile(path: target)
        let snapshot = try copy(name, to: file, image: .none, progress: progress)
        try file.finish()
        return snapshot
    }

    /// Has the last generation of the volume named `JOB/DISK` written to a new file at `target` in another format.
    ///
    /// A pass may begin at any moment, and what another program reads nobody compares: therefore it is given a copy,
    /// which has no name and is gone when this returns.
    /// - Parameter convert: writes to its second argument, which is there, what it reads at its first.
    /// - Throws: as `snapshot` does, and what `convert` throws.
    public func export(
        _ name: String,
        to target: String,
        progress: Progress = { _, _ in },
        convert: (_ source: String, _ target: String) throws -> Void
    ) throws -> VolumeSnapshot {
        let image = try NewFile(path: target)
        let content = try NewFile(path: "\(target).content")
        content.loseName()
        let snapshot = try copy(name, to: content, image: .beside, progress: progress)
        try convert(content.pathForOthers, image.partial)
        try image.finish()
        return snapshot
    }

    /// What needs room beside a copy.
    private enum Image {
        case none
        /// An image of about the content's size.
        case beside
    }

    /// Copies the last generation to `file`.
    ///
    /// The server writes to a volume before it writes to the index, so the index alone cannot tell whether a pass has
    /// begun. Therefore every chunk of the copy is hashed: after cloning in the clone, else on its way. What does not
    /// agree with the generation is discarded; what agrees is the generation, whatever has begun meanwhile.
    private func copy(
        _ name: String,
        to file: NewFile,
        image: Image,
        progress: Progress
    ) throws -> VolumeSnapshot {
        try withLastGeneration(of: name) { manifest in
            let source = try store.openStorage(of: manifest.volume, .read)
            let copy = try SnapshotFile(file, size: manifest.size)
            let method: VolumeSnapshot.Method = try copy.clone(manifest.path) ? .reflink : .copy
            let content = ByteCount(manifest.generation.dataBytes)
            switch (method, image) {
            case (.reflink, .none): break
            case (.reflink, .beside): try copy.checkRoom(for: content, "the image")
            case (.copy, .none): try copy.checkRoom(for: content, "the content of the volume")
            case (.copy, .beside): try copy.checkRoom(for: content + content, "the image and a copy to make it from")
            }
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: ImageLayout.regionSize, alignment: 4096)
            defer { memory.deallocate() }
            var index = 0
            try manifest.forEachRegion { encoded in
                let record = try RegionRecord(
                    decoding: encoded,
                    blocks: ImageLayout.blockCount(ofRegion: index, disk: manifest.size)
                )
                let extent = ImageLayout.extent(ofRegion: index, disk: manifest.size)
                index += 1
                let agrees =
                    method == .reflink
                    ? try copy.holds(record, extent, memory: memory)
                    : try copy.take(record, extent, from: source, memory: memory)
                guard agrees else { throw VolumeCatalog.changed(name, extent.start) }
                progress(extent.end, manifest.size)
            }
            return VolumeSnapshot(method: method, generation: manifest.generation.number, dataBytes: content)
        }
    }

    private static func changed(_ name: String, _ place: ByteCount) -> FerryError {
        FerryError(
            .volumeNotReady,
            operation: "copy",
            subject: "the volume \(name)",
            cause:
                "at byte \(place.bytes) it is not what the last generation says: a pass has begun, or the storage is "
                + "damaged",
            advice: "Wait for the agent to say that the pass was verified; `ferry staging verify` tells damage.",
            retry: .later
        )
    }
}
