/// A run of bytes of a disk: from `start`, `length` long.
public struct Extent: Hashable, Sendable {
    /// Offset of the first byte from the start of the disk.
    public var start: ByteCount
    /// Length in bytes.
    public var length: ByteCount

    /// The run of `length` bytes at `start`.
    public init(start: ByteCount, length: ByteCount) {
        self.start = start
        self.length = length
    }

    /// The run from `start` up to, not including, `end`; traps if `end` is before `start`.
    public init(from start: ByteCount, to end: ByteCount) {
        self.init(start: start, length: end - start)
    }

    /// Offset of the first byte after the run.
    public var end: ByteCount { start + length }

    /// Whether the run holds no byte.
    public var isEmpty: Bool { length == .zero }

    /// The part of the run that lies inside `other`, or nil if there is none.
    public func intersection(_ other: Extent) -> Extent? {
        let from = max(start, other.start)
        let to = min(end, other.end)
        return from < to ? Extent(from: from, to: to) : nil
    }
}

extension Extent: CustomStringConvertible {
    /// The run as `1048576+4 KiB`: the offset in bytes and the length with its unit.
    public var description: String { "\(start.bytes)+\(length)" }
}
