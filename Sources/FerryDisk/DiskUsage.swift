public import FerryCore
internal import Synchronization

/// Which blocks of a disk have to be copied.
public enum BlockSelection: Sendable {
    /// Those that a file system or a gap between partitions uses.
    case usedBlocks
    /// All of them.
    case allBlocks
}

/// Which blocks of a whole disk are in use: the maps of all its partitions as one view, in blocks of 4 KiB.
///
/// Everything counts as used unless a file system's own records, checked, say otherwise: boot code, tables, the gaps
/// between partitions, the end of a partition behind its file system, and every file system that is not understood.
///
/// A usage describes the disk at the time it was made. Make a new one for each pass, and for the pass that has to be
/// consistent make it after the file systems were frozen.
public final class DiskUsage: Sendable {
    /// The unit of the view: a block is unused only if all of its bytes are.
    public static let blockSize = ByteCount.kibibytes(4)

    /// What was found on the disk.
    public let inspection: DiskInspection

    private let maps: [any UsageMap]
    private let late = Mutex<[Finding]>([])

    /// Looks at `disk`.
    ///
    /// - Parameters:
    ///   - disk: The disk to look at. It is read, and never written.
    ///   - selection: With `.allBlocks` the partitions are still inspected, and every block counts as used.
    ///   - mounts: The file systems mounted on this host: the kernel is asked for the free space of those on `disk`.
    ///   - areFrozen: Whether they are frozen, so that what the disk says of their free space is the last word, should
    ///     the kernel not answer.
    /// - Throws: `FerryError` if the disk is gone or has changed its size. A region that cannot be read or understood
    ///   is no failure: all of it counts as used, and a finding says so.
    public init(
        of disk: any DiskReader,
        selecting selection: BlockSelection = .usedBlocks,
        mounts: MountTable = .current(),
        areFrozen: Bool = false
    ) throws(FerryError) {
        var survey = DiskSurvey(disk, mounts, areFrozen: areFrozen)
        try survey.run()
        inspection = survey.inspection
        maps = selection == .allBlocks ? [] : survey.maps
    }

    /// What was found since the usage was made: parts whose map could not be read when it was needed, and which count
    /// as used therefore.
    public var lateFindings: [Finding] { late.withLock { $0 } }

    /// The runs of `range` that are in use, ascending, neither touching nor overlapping, clipped to `range`.
    ///
    /// Never fails: what cannot be known is in use, and `lateFindings` says why.
    public func usedExtents(in range: Extent) -> [Extent] {
        guard let range = range.intersection(inspection.geometry.wholeDisk) else { return [] }
        var used: [Extent] = []
        var position = range.start
        for unused in unusedExtents(in: range) {
            if unused.start > position { used.append(Extent(from: position, to: unused.start)) }
            position = unused.end
        }
        if position < range.end { used.append(Extent(from: position, to: range.end)) }
        return used
    }

    /// The runs of `range` that nothing uses, ascending, neither touching nor overlapping, made of whole blocks except
    /// where `range` cuts one.
    public func unusedExtents(in range: Extent) -> [Extent] {
        guard let range = range.intersection(inspection.geometry.wholeDisk) else { return [] }
        let unit = DiskUsage.blockSize.bytes
        let whole = Extent(
            from: ByteCount(range.start.bytes / unit * unit),
            to: min(inspection.geometry.size, ByteCount((range.end.bytes + unit - 1) / unit * unit))
        )
        var rounding = BlockRounding(inspection.geometry)
        var unused: [Extent] = []
        let take = { (block: Extent) in
            if let part = block.intersection(range) { unused.append(part) }
        }
        for map in maps {
            guard let part = map.region.intersection(whole) else { continue }
            for run in runs(of: map, in: part) { rounding.add(run, take) }
        }
        rounding.finish(take)
        return unused
    }

    /// The map's runs; none if it fails.
    private func runs(of map: any UsageMap, in range: Extent) -> [Extent] {
        var runs: [Extent] = []
        do throws(FerryError) {
            try map.unusedExtents(in: range) { runs.append($0) }
            return runs
        } catch {
            late.withLock { findings in
                // One for each map: a disk that fails everywhere must not fill the memory with sentences.
                guard !findings.contains(where: { $0.extent == map.region }) else { return }
                findings.append(DiskSurvey.finding(error, at: map.region, "Parts of it are copied whole."))
            }
            return []
        }
    }
}
