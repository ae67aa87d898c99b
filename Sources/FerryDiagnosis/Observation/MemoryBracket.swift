internal import FerryEvidence

/// Between which times a block lets go, as far as the connections that were made tell.
struct MemoryBracket {
    private struct Connection {
        /// When it was begun and had ended, in seconds of the diagnosis' clock.
        var begin: Double
        var end: Double
        var worked: Bool
    }

    private var connections: [Connection] = []

    /// A connection of the key that fails was made.
    mutating func add(from begin: Double, to end: Double, worked: Bool) {
        connections.append(Connection(begin: begin, end: end, worked: worked))
    }

    /// Seconds from and to, for a memory of `kind`; nil unless it was seen to let go.
    ///
    /// A fixed one counts from when it began: after the last connection that worked, and before the first that failed. One that
    /// hits renew counts from the last of them.
    func seconds(_ kind: MemoryKind) -> [Double]? {
        guard [.fixed, .renewedByHits].contains(kind) else { return nil }
        var low = 0.0
        var high = Double.infinity
        var lastWorked: Connection?
        var run: [Connection] = []
        for connection in connections.sorted(by: { $0.begin < $1.begin }) {
            guard connection.worked else {
                if kind == .renewedByHits, let last = run.last { low = max(low, connection.begin - last.end) }
                run.append(connection)
                continue
            }
            if let first = run.first, let last = run.last {
                switch kind {
                case .renewedByHits: high = min(high, connection.begin - last.end)
                default:
                    low = max(low, last.begin - first.end)
                    // Without one that worked before nobody knows since when it stood.
                    if let lastWorked { high = min(high, connection.begin - lastWorked.begin) }
                }
            }
            run = []
            lastWorked = connection
        }
        guard high.isFinite, low <= high else { return nil }
        return [max(0, low), high].map { ($0 * 100).rounded() / 100 }
    }
}
