public import FerryCore

/// The first extents of many, and how many bytes all of them have.
public struct ExtentList: Hashable, Sendable {
    /// How many are kept.
    public static let most = 16

    /// The first extents by their place, those that touch made one.
    public private(set) var first: [Extent] = []
    /// Whether there were more than are kept.
    public private(set) var hasMore = false
    /// Bytes of all of them.
    public private(set) var bytes: UInt64 = 0

    /// A list of none.
    public init() {}

    /// Whether there is none.
    public var isEmpty: Bool { bytes == 0 }

    /// Adds an extent that overlaps none of the others, in any order.
    public mutating func add(_ extent: Extent) {
        guard !extent.isEmpty else { return }
        bytes += extent.length.bytes
        insert(extent)
    }

    /// Adds all of `other`.
    public mutating func add(_ other: ExtentList) {
        bytes += other.bytes
        hasMore = hasMore || other.hasMore
        for extent in other.first { insert(extent) }
    }

    private mutating func insert(_ extent: Extent) {
        let place = first.firstIndex { $0.start > extent.start } ?? first.count
        first.insert(extent, at: place)
        join(at: place)
        if place > 0 { join(at: place - 1) }
        if first.count > ExtentList.most {
            first.removeLast()
            hasMore = true
        }
    }

    private mutating func join(at place: Int) {
        guard place + 1 < first.count, first[place].end == first[place + 1].start else { return }
        first[place].length += first[place + 1].length
        first.remove(at: place + 1)
    }
}
