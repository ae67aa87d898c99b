/// Which bytes of one direction's stream were captured: how many are new, how many came again, which are missing.
struct SeenBytes {
    /// A loss in a large window leaves dozens; of more, the two nearest become one.
    private static let mostIslands = 64

    /// The sequence number up to which all was seen; nil before anything was.
    private(set) var edge: UInt32?
    /// What was seen beyond, in order, none touching another.
    private var islands: [(start: UInt32, end: UInt32)] = []
    /// Bytes that were acknowledged without having been captured.
    private(set) var missing = 0
    /// How many runs of bytes those were.
    private(set) var gaps = 0

    /// What is behind the first sequence number is not missing.
    mutating func start(at sequence: UInt32) { edge = edge ?? sequence }

    /// Data from `start` to `end` was captured. Returns how many of its bytes are new.
    @inline(__always)
    mutating func saw(_ start: UInt32, _ end: UInt32) -> Int {
        if edge == start, islands.isEmpty {
            edge = end
            return end.distance(from: start)
        }
        return sawElsewhere(start, end)
    }

    private mutating func sawElsewhere(_ start: UInt32, _ end: UInt32) -> Int {
        guard let edge else {
            self.edge = end
            return end.distance(from: start)
        }
        guard edge.precedes(end) else { return 0 }
        let start = start.precedes(edge) ? edge : start
        var fresh = end.distance(from: start)
        var merged = (start: start, end: end)
        var kept: [(start: UInt32, end: UInt32)] = []
        for island in islands {
            if island.end.precedes(merged.start) || merged.end.precedes(island.start) {
                kept.append(island)
                continue
            }
            let from = island.start.precedes(start) ? start : island.start
            let to = end.precedes(island.end) ? end : island.end
            fresh -= max(0, to.distance(from: from))
            if island.start.precedes(merged.start) { merged.start = island.start }
            if merged.end.precedes(island.end) { merged.end = island.end }
        }
        if !edge.precedes(merged.start) {
            self.edge = merged.end
        } else {
            let place = kept.firstIndex { merged.start.precedes($0.start) } ?? kept.count
            kept.insert(merged, at: place)
        }
        islands = kept
        if islands.count > SeenBytes.mostIslands { joinNearest() }
        return max(0, fresh)
    }

    private mutating func joinNearest() {
        let nearest = (1..<islands.count).min {
            islands[$0].start.distance(from: islands[$0 - 1].end)
                < islands[$1].start.distance(from: islands[$1 - 1].end)
        }
        guard let nearest else { return }
        islands[nearest - 1].end = islands[nearest].end
        islands.remove(at: nearest)
    }

    /// The peer acknowledges all before `number`: what of it was not captured is missing. Returns how much that is.
    @inline(__always)
    mutating func acknowledged(_ number: UInt32) -> Int {
        guard let edge, edge.precedes(number) else { return 0 }
        return acknowledgedBeyond(edge, number)
    }

    private mutating func acknowledgedBeyond(_ edge: UInt32, _ number: UInt32) -> Int {
        var at = edge
        var lost = 0
        while let island = islands.first, !number.precedes(island.start) {
            lost += island.start.distance(from: at)
            at = island.end
            islands.removeFirst()
        }
        if at.precedes(number) {
            lost += number.distance(from: at)
            at = number
        }
        self.edge = at
        missing += lost
        if lost > 0 { gaps += 1 }
        return lost
    }

    /// How many bytes lie in holes below the highest byte seen.
    var holes: Int {
        guard var at = edge else { return 0 }
        var count = 0
        for island in islands {
            count += island.start.distance(from: at)
            at = island.end
        }
        return count
    }
}
