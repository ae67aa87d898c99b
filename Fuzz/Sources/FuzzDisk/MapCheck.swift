internal import FerryCore
public import FerryDisk

/// What must be true of every map of free space, whatever the disk holds.
public enum MapCheck {
    /// Looks at the whole disk as the agent does: partitions, file systems, maps.
    public static func disk(_ disk: SparseDisk) {
        guard let usage = try? DiskUsage(of: disk, mounts: MountTable(mounts: [])) else { return }
        let whole = disk.geometry.wholeDisk
        let inspection = usage.inspection
        let unused = usage.unusedExtents(in: whole)
        expectAscending(unused, within: whole)
        // The disk is as it was when it was surveyed.
        precondition(usage.lateFindings.isEmpty, "a map that was surveyed could not be read again")
        precondition(length(unused) == inspection.unused && inspection.used + inspection.unused == whole.length)
        for region in inspection.regions {
            precondition(region.extent.end <= whole.end && region.used + region.unused == region.extent.length)
        }
        let used = usage.usedExtents(in: whole)
        precondition((used + unused).sorted { $0.start < $1.start }.reduce(ByteCount.zero, follow) == whole.end)
        // The same in pieces that cut blocks, groups and runs.
        var pieces = ByteCount.zero
        let step = ByteCount(max(100 << 10, whole.length.bytes / 16 + 1))
        var start = ByteCount.zero
        while start < whole.end {
            let piece = Extent(start: start, length: step)
            let part = usage.unusedExtents(in: piece)
            expectAscending(part, within: piece)
            pieces += length(part)
            start += step
        }
        precondition(pieces == inspection.unused, "pieces of the disk have other free space than the whole")
    }

    /// Surveys one map, and asks it again.
    public static func map(_ map: some UsageMap) {
        var surveyed: [Extent] = []
        guard (try? map.survey { surveyed.append($0) }) != nil else { return }
        expectAscending(surveyed, within: map.region)
        var asked: [Extent] = []
        precondition((try? map.unusedExtents(in: map.region) { asked.append($0) }) != nil)
        expectAscending(asked, within: map.region)
        precondition(length(surveyed) == length(asked), "a survey finds other free space than a question")
    }

    private static func expectAscending(_ extents: [Extent], within whole: Extent) {
        var position = whole.start
        for extent in extents {
            precondition(extent.start >= position && !extent.isEmpty && extent.end <= whole.end)
            position = extent.end
        }
    }

    private static func length(_ extents: [Extent]) -> ByteCount { extents.reduce(.zero) { $0 + $1.length } }

    private static func follow(_ end: ByteCount, _ next: Extent) -> ByteCount {
        precondition(next.start == end, "used and unused extents overlap, or leave a gap")
        return next.end
    }
}
