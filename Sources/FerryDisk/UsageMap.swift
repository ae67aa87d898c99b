public import FerryCore

/// Knows which bytes of a region of a disk nothing uses.
///
/// A map may be asked by several threads at a time. It reads what it needs when it is asked, and keeps little of it,
/// so that a disk of 16 TiB can be walked in a few mebibytes of memory.
public protocol UsageMap: Sendable {
    /// The region the map knows about, as bytes of the disk.
    var region: Extent { get }

    /// Calls `body` with the unused runs inside `range`, as bytes of the disk, in ascending order, none touching
    /// another's bytes and all clipped to `range`.
    ///
    /// - Throws: `FerryError` if the map cannot be read or turns out not to be consistent. Runs already given may
    ///   then not be relied upon.
    func unusedExtents(in range: Extent, _ body: (Extent) -> Void) throws(FerryError)

    /// Goes through the whole map once, checks all that can be checked, and calls `body` with every unused run.
    ///
    /// - Returns: What is wrong with parts of the map, which then count as used.
    /// - Throws: `FerryError` if the map as a whole cannot be trusted.
    func survey(_ body: (Extent) -> Void) throws(FerryError) -> [Finding]
}

extension UsageMap {
    /// Asks for the whole region.
    public func survey(_ body: (Extent) -> Void) throws(FerryError) -> [Finding] {
        try unusedExtents(in: region, body)
        return []
    }
}
