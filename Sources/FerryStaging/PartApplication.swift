internal import FerryCore
internal import FerryImage
internal import FerryTransport
internal import FerryWire
internal import NIOCore

/// Unpacks, verifies and writes one part of a batch.
enum PartApplication {
    /// What came of a part.
    struct Outcome: Sendable {
        /// Regions of which a run is not what its name says; they must be offered anew.
        var outOfStep: [UInt32] = []
        /// Bytes of chunks written.
        var bytesWritten = 0
    }

    /// Applies `part` whose runs are `runs`.
    /// - Throws: `FerryError`: `contentMalformed` if it does not unpack, or the storage's error.
    static func apply(
        _ part: DataPart,
        runs: ArraySlice<NeededRun>,
        volume: Volume,
        store: StagingStore,
        memory: WorkerMemory
    ) throws -> Outcome {
        let length = Int(part.unpackedLength)
        guard runs.reduce(0, { $0 + $1.contentLength(disk: volume.size) }) == length else {
            throw FerryError(
                .contentMalformed,
                operation: "take",
                subject: "a part of a batch",
                cause: "its length is not that of its runs",
                advice: "Install the same release of Ferry on both sides.",
                retry: .reconnect
            )
        }
        let unpacked = UnsafeMutableRawBufferPointer(rebasing: memory.unpacked[..<length])
        try part.content.withUnsafeReadableBytes { packed in
            switch part.encoding {
            case .plain:
                guard packed.count == length else {
                    throw FerryError(
                        .contentMalformed,
                        operation: "take",
                        subject: "a part of a batch",
                        cause: "it is not as long as it claims",
                        advice: "Install the same release of Ferry on both sides.",
                        retry: .reconnect
                    )
                }
                unpacked.copyMemory(from: packed)
            case .zstd: try memory.decompressor.decompress(packed, into: unpacked)
            }
        }
        var outcome = Outcome()
        var located: [(UInt64, ChunkLocation)] = []
        located.reserveCapacity(runs.count)
        var span = AdjacentChunks(volume: volume)
        let contents = contents(of: runs, in: UnsafeRawBufferPointer(unpacked), volume)
        memory.digests.removeAll()
        for (needed, content) in zip(runs, contents) where needed.run.kind == .chunk { memory.digests.append(content) }
        memory.digests.make()
        var chunk = 0
        for (index, needed) in runs.enumerated() {
            let extent = volume.extent(of: needed.run, in: needed.region)
            let content = contents[index]
            if needed.run.kind == .patch {
                try span.flush()
                guard try patch(needed, with: content, at: extent, volume: volume, memory: memory) else {
                    outcome.outOfStep.append(needed.region)
                    continue
                }
            } else {
                chunk += 1
                guard memory.digests[chunk - 1] == needed.run.digest else {
                    outcome.outOfStep.append(needed.region)
                    continue
                }
                try span.append(content, at: extent.start.bytes)
            }
            outcome.bytesWritten += content.count
            located.append(
                (
                    needed.run.digest.indexKey,
                    ChunkLocation(
                        volume: volume.record.number,
                        block: extent.start.bytes / UInt64(ImageLayout.blockSize),
                        blocks: needed.run.blocks
                    )
                )
            )
        }
        try span.flush()
        store.note(located)
        return outcome
    }

    /// Where the content of each run lies in the unpacked part.
    private static func contents(
        of runs: ArraySlice<NeededRun>,
        in unpacked: UnsafeRawBufferPointer,
        _ volume: Volume
    ) -> [UnsafeRawBufferPointer] {
        var offset = 0
        return runs.map { needed in
            let start = offset
            offset += needed.contentLength(disk: volume.size)
            return UnsafeRawBufferPointer(rebasing: unpacked[start..<offset])
        }
    }

    /// Lays the changed blocks over what the volume holds, and writes them if the whole has the right name.
    private static func patch(
        _ needed: NeededRun,
        with content: UnsafeRawBufferPointer,
        at extent: Extent,
        volume: Volume,
        memory: WorkerMemory
    ) throws -> Bool {
        let whole = UnsafeMutableRawBufferPointer(rebasing: memory.chunk[..<extent.length.int])
        try volume.storage.read(into: whole, at: extent.start.bytes)
        var offset = 0
        var changes: [Range<Int>] = []
        for block in 0..<needed.run.blocks where needed.changed.contains(needed.run.start + block) {
            let from = block * ImageLayout.blockSize
            let to = min(from + ImageLayout.blockSize, whole.count)
            UnsafeMutableRawBufferPointer(rebasing: whole[from..<to])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: content[offset..<(offset + to - from)]))
            offset += to - from
            if let last = changes.last, last.upperBound == from {
                changes[changes.count - 1] = last.lowerBound..<to
            } else {
                changes.append(from..<to)
            }
        }
        guard SHA256.digest(of: UnsafeRawBufferPointer(whole)) == needed.run.digest else { return false }
        for range in changes {
            try volume.storage.write(
                UnsafeRawBufferPointer(rebasing: whole[range]),
                at: extent.start.bytes + UInt64(range.lowerBound)
            )
        }
        return true
    }

    /// Chunks that lie side by side in the part and on the disk, to be written at once.
    private struct AdjacentChunks {
        let volume: Volume
        var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        var offset: UInt64 = 0

        init(volume: Volume) { self.volume = volume }

        mutating func append(_ content: UnsafeRawBufferPointer, at offset: UInt64) throws {
            if let start = bytes.baseAddress, start + bytes.count == content.baseAddress,
                self.offset + UInt64(bytes.count) == offset
            {
                bytes = UnsafeRawBufferPointer(start: start, count: bytes.count + content.count)
                return
            }
            try flush()
            bytes = content
            self.offset = offset
        }

        mutating func flush() throws {
            if bytes.count > 0 { try volume.storage.write(bytes, at: offset) }
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        }
    }
}
