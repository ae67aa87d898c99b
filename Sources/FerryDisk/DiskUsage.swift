public import FerryCore

/// Which blocks of a disk have to be copied.
public enum BlockSelection: Sendable {
    /// Those that a file system or a gap between partitions uses.
    case usedBlocks
    /// All of them.
    case allBlocks
}

/// Which blocks of a whole disk are in use: the maps of all its partitions as one view, in blocks of 4 KiB.
///
/// A usage describes the disk at the time it was made. Make a new one for each pass, and for the pass that has to be
/// consistent make it after the file systems were frozen.
public final class DiskUsage: Sendable {
    /// The unit of the view: a block is unused only if all of its bytes are.
    public static let blockSize = ByteCount.kibibytes(4)

    /// What was found on the disk.
    public let inspection: DiskInspection

    /// Looks at `disk`.
    ///
    /// - Parameters:
    ///   - disk: The disk to look at. It is read, and never written.
    ///   - selection: With `.allBlocks` the partitions are still inspected, and every block counts as used.
    /// - Throws: `FerryError` if the disk is gone or has changed its size. A region that cannot be read or understood
    ///   is no failure: all of it counts as used, and a finding says so.
    public init(of disk: any DiskReader, selecting selection: BlockSelection = .usedBlocks) throws(FerryError) {
        let geometry = disk.geometry
        inspection = DiskInspection(
            geometry: geometry,
            tableKind: .none,
            regions: [],
            used: geometry.size,
            unused: .zero,
            findings: []
        )
    }

    /// What was found since the usage was made: groups whose map could not be read when it was needed.
    public var lateFindings: [Finding] { [] }

    /// The runs of `range` that are in use, ascending, neither touching nor overlapping, clipped to `range`.
    ///
    /// Never fails: what cannot be known is in use, and `lateFindings` says why.
    public func usedExtents(in range: Extent) -> [Extent] {
        range.intersection(inspection.geometry.wholeDisk).map { [$0] } ?? []
    }

    /// The runs of `range` that nothing uses, ascending, neither touching nor overlapping, each made of whole blocks
    /// where the limits of `range` are.
    public func unusedExtents(in range: Extent) -> [Extent] { [] }
}
