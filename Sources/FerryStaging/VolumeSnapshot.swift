internal import CFerryLinux
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
    /// Copies the last generation of the volume named `JOB/DISK` to a new file at `target`.
    ///
    /// The server writes to a volume before it writes to the index, so the index alone cannot tell whether a pass has
    /// begun. Therefore every chunk of the copy is hashed: after cloning in the clone, else on its way. What does not
    /// agree with the generation is discarded; what agrees is the generation, whatever has begun meanwhile.
    /// - Throws: `FerryError` with `volumeNotReady`, `stagingNoSpace`, `stagingData` or `volumeFailed`.
    public func snapshot(_ name: String, to target: String) throws -> VolumeSnapshot {
        try withLastGeneration(of: name) { manifest in
            let source = try VolumeStorage(path: manifest.path, size: manifest.size, readOnly: true)
            let copy = try SnapshotFile(path: target, size: manifest.size)
            let method: VolumeSnapshot.Method = copy.clone(manifest.path) ? .reflink : .copy
            if method == .copy {
                try copy.checkRoom(for: ByteCount(manifest.generation.dataBytes))
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
                guard agrees else { throw VolumeCatalog.changed(name, index - 1) }
            }
            try copy.finish()
            return VolumeSnapshot(
                method: method,
                generation: manifest.generation.number,
                dataBytes: ByteCount(manifest.generation.dataBytes)
            )
        }
    }

    private static func changed(_ name: String, _ region: Int) -> FerryError {
        FerryError(
            .volumeNotReady,
            operation: "copy",
            subject: "the volume \(name)",
            cause: "region \(region) is not what the last generation says: a pass has begun, or the storage is damaged",
            advice: "Wait for the agent to say that the pass was verified; `ferry staging verify` tells damage.",
            retry: .later
        )
    }
}
