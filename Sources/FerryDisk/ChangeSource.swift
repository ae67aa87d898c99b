public import FerryCore

/// Tells which parts of a disk may have changed since the last pass.
///
/// A source may name more than has changed, never less.
public protocol ChangeSource: Sendable {
    /// The runs that may differ from what the last pass read, ascending and not overlapping, clipped to `range`.
    func changedExtents(in range: Extent) throws(FerryError) -> [Extent]
}

/// Knows nothing, so every byte is read again and compared.
public struct FullRead: ChangeSource {
    /// A source that names everything.
    public init() {}

    /// All of `range`.
    public func changedExtents(in range: Extent) throws(FerryError) -> [Extent] { range.isEmpty ? [] : [range] }
}
