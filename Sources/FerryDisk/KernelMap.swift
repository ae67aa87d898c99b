internal import CFerryLinux
internal import FerryCore
internal import Glibc

/// The free blocks of a mounted ext4 or xfs file system, as the running kernel has them (`FS_IOC_GETFSMAP`).
///
/// The whole list is taken at once: it is of one time, and no open file keeps the owner from unmounting. Its memory is
/// bounded: of a very scattered file system the smallest runs are forgotten, and count as used.
final class KernelMap: UsageMap {
    let region: Extent
    /// Runs in blocks of 4 KiB from the start of the region, ascending: the place in the upper 40 bits, the length in
    /// the lower 24.
    private let runs: [UInt64]

    private static let lengthBits: UInt64 = 24
    private static let longest: UInt64 = 1 << 24 - 1
    private static let unit: UInt64 = 4096
    /// Four mebibytes.
    static let mostRuns = 1 << 19

    /// Asks the kernel about the file system at `mount`, which fills `region`.
    ///
    /// Nil where the kernel cannot tell: before Linux 4.12 (xfs) and 4.16 (ext4), for other file systems, without the
    /// right to ask, or if something else is found at the mount point.
    init?(of mount: MountedFileSystem, region: Extent, mostRuns: Int = KernelMap.mostRuns) {
        let descriptor = open(mount.reachablePath, O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, DeviceNumber(UInt(status.st_dev)) == mount.device else { return nil }
        let request = UnsafeMutablePointer<ferry_fsmap_request>.allocate(capacity: 1)
        defer { request.deallocate() }
        ferry_fsmap_begin(request, mount.device.major, mount.device.minor)
        var collected = Collected(limit: mostRuns)
        var position: UInt64 = 0
        while true {
            let more = ferry_fsmap_next(descriptor, request)
            guard more >= 0 else { return nil }
            for index in 0..<min(request.pointee.entries, UInt32(ferry_fsmap_batch)) {
                guard let record = ferry_fsmap_record(request, index), ferry_fsmap_is_free(record) != 0 else {
                    continue
                }
                let start = record.pointee.physical
                let (end, overflow) = start.addingReportingOverflow(record.pointee.length)
                // Free runs come in order and lie inside; a kernel that says otherwise is not believed at all.
                guard !overflow, start >= position, end <= region.length.bytes else { return nil }
                position = end
                collected.add(from: (start + KernelMap.unit - 1) / KernelMap.unit, to: end / KernelMap.unit)
            }
            if more == 0 { break }
        }
        self.region = region
        runs = collected.runs
    }

    /// Gathers runs; when they are too many, forgets those below a length that doubles.
    private struct Collected {
        let limit: Int
        var runs: [UInt64] = []
        var shortest: UInt64 = 1

        init(limit: Int) { self.limit = limit }

        mutating func add(from start: UInt64, to end: UInt64) {
            var start = start
            guard end > start, end - start >= shortest, end < 1 << 40 else { return }
            while start < end {
                let length = min(end - start, KernelMap.longest)
                runs.append(start << KernelMap.lengthBits | length)
                start += length
            }
            while runs.count > limit {
                shortest *= 2
                let least = shortest
                runs.removeAll { $0 & KernelMap.longest < least }
            }
        }
    }

    func unusedExtents(in range: Extent, _ body: (Extent) -> Void) {
        let block = range.start > region.start ? (range.start - region.start).bytes / KernelMap.unit : 0
        // The first run that reaches beyond the block.
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            let run = runs[middle]
            if run >> KernelMap.lengthBits + run & KernelMap.longest > block { high = middle } else { low = middle + 1 }
        }
        for run in runs[low...] {
            let extent = Extent(
                start: region.start + ByteCount((run >> KernelMap.lengthBits) * KernelMap.unit),
                length: ByteCount((run & KernelMap.longest) * KernelMap.unit)
            )
            if extent.start >= range.end { return }
            if let part = extent.intersection(range) { body(part) }
        }
    }
}
