internal import FerryCore

/// Turns unused runs of any alignment into unused blocks of 4 KiB: joins runs that touch, then rounds inward.
struct BlockRounding {
    private let diskSize: UInt64
    private var pending: Extent?

    init(_ geometry: DiskGeometry) { diskSize = geometry.size.bytes }

    /// Takes the next run, which begins at or after the end of the last.
    mutating func add(_ run: Extent, _ body: (Extent) -> Void) {
        if let last = pending, last.end == run.start {
            pending?.length += run.length
        } else {
            finish(body)
            pending = run
        }
    }

    /// Gives out what is left.
    mutating func finish(_ body: (Extent) -> Void) {
        defer { pending = nil }
        guard let run = pending else { return }
        let unit = DiskUsage.blockSize.bytes
        let start = (run.start.bytes + unit - 1) / unit * unit
        // The last block of a disk may be short.
        let end = run.end.bytes == diskSize ? diskSize : run.end.bytes / unit * unit
        if start < end { body(Extent(from: ByteCount(start), to: ByteCount(end))) }
    }
}
