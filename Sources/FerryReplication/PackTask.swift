internal import FerryCore
internal import FerryImage
internal import FerryTransport
internal import FerryWire
internal import NIOCore

/// Packs what the staging server needs of one batch into parts, on a worker thread.
struct PackTask: Sendable {
    /// A part, ready to be sent.
    struct Part: Sendable {
        /// The whole frame.
        var frame: ByteBuffer
        /// Bytes of content before packing.
        var unpacked: Int
        /// Bytes of content after packing.
        var packed: Int
    }

    /// What a batch was when its content was asked for; the event loop goes on changing the batch itself.
    struct Content: Sendable {
        let number: UInt64
        let regions: [Batch.Region]
        let needed: [Bool]
        let outOfStep: Set<UInt32>

        init(_ batch: Batch) {
            number = batch.number
            regions = batch.regions
            needed = batch.needed ?? []
            outOfStep = batch.outOfStep
        }
    }

    let batch: Content
    /// The zstd level.
    let level: Int
    /// So much content goes into one part at the most; a chunk that is longer goes alone.
    let partLength: Int
    let allocator: ByteBufferAllocator

    /// One needed run: the piece or, for a patch, the pieces of its region that have to be sent.
    private struct Pieces {
        var region: Int
        var ranges: [Range<Int>]
        var length: Int
    }

    func run(_ memory: ScanMemory) -> [Part] {
        var parts: [Part] = []
        var pending: [Pieces] = []
        var pendingLength = 0
        var first = 0
        for pieces in neededPieces() {
            if pendingLength > 0, pendingLength + pieces.length > partLength {
                parts.append(pack(pending, pendingLength, first, memory))
                first += pending.count
                pending = []
                pendingLength = 0
            }
            pending.append(pieces)
            pendingLength += pieces.length
        }
        if !pending.isEmpty { parts.append(pack(pending, pendingLength, first, memory)) }
        return parts
    }

    private func neededPieces() -> [Pieces] {
        var all: [Pieces] = []
        var answer = 0
        for (slot, region) in batch.regions.enumerated() where !batch.outOfStep.contains(region.offered.index) {
            for run in region.offered.runs where run.kind == .chunk || run.kind == .patch {
                defer { answer += 1 }
                guard answer < batch.needed.count, batch.needed[answer] else { continue }
                var pieces = Pieces(region: slot, ranges: [], length: 0)
                for block in run.start..<(run.start + run.blocks)
                where run.kind == .chunk || region.offered.changed.contains(block) {
                    let from = block * ImageLayout.blockSize
                    let to = min(from + ImageLayout.blockSize, region.length)
                    if let last = pieces.ranges.last, last.upperBound == from {
                        pieces.ranges[pieces.ranges.count - 1] = last.lowerBound..<to
                    } else {
                        pieces.ranges.append(from..<to)
                    }
                    pieces.length += to - from
                }
                all.append(pieces)
            }
        }
        return all
    }

    private func pack(_ pieces: [Pieces], _ length: Int, _ first: Int, _ memory: ScanMemory) -> Part {
        let content = gather(pieces, length, memory)
        var part = DataPart(
            batch: batch.number,
            firstNeeded: UInt16(first),
            runs: UInt16(pieces.count),
            unpackedLength: UInt32(length),
            encoding: .zstd,
            content: ByteBuffer()
        )
        let headers = FrameDecoder.headerLength + DataPart.headerLength
        var frame = allocator.buffer(capacity: headers + ZstdCompressor.bound(length))
        part.writeFrameHeader(to: &frame, contentLength: 0)
        var packed = 0
        frame.writeWithUnsafeMutableBytes(minimumWritableBytes: ZstdCompressor.bound(length)) { target in
            packed = Int.max
            if memory.isWorthPacking(content, into: target) {
                packed = memory.compressor.compress(content, into: target, level: level) ?? Int.max
            }
            memory.lastWasPacked = packed < length - length / 32
            // What hardly shrinks is sent as it is: the other side need not unpack it.
            guard memory.lastWasPacked else {
                part.encoding = .plain
                packed = length
                target.copyMemory(from: content)
                return length
            }
            return packed
        }
        var header = ByteBuffer()
        part.writeFrameHeader(to: &header, contentLength: packed)
        frame.setBuffer(header, at: 0)
        return Part(frame: frame, unpacked: length, packed: packed)
    }

    /// The content of `pieces` as one run of bytes: where it lies if it is one already, else gathered.
    private func gather(_ pieces: [Pieces], _ length: Int, _ memory: ScanMemory) -> UnsafeRawBufferPointer {
        // Of a patch whose changed blocks became zero nothing is sent: its chunk is what is left, under another name.
        guard let first = pieces.first(where: { !$0.ranges.isEmpty }), let start = first.ranges.first?.lowerBound else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        var end = start
        var isOneRun = true
        for piece in pieces {
            for range in piece.ranges {
                isOneRun = isOneRun && piece.region == first.region && range.lowerBound == end
                end = range.upperBound
            }
        }
        if isOneRun, let buffer = batch.regions[first.region].buffer {
            return UnsafeRawBufferPointer(rebasing: buffer.bytes[start..<end])
        }
        var offset = 0
        for piece in pieces {
            guard let buffer = batch.regions[piece.region].buffer else { continue }
            for range in piece.ranges {
                UnsafeMutableRawBufferPointer(rebasing: memory.gathered[offset..<(offset + range.count)])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer.bytes[range]))
                offset += range.count
            }
        }
        return UnsafeRawBufferPointer(rebasing: memory.gathered[..<length])
    }
}
