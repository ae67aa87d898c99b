internal import FerryPacket

/// What is kept of a capture's flows to be shown at its end: a bounded number of rows, those with troubles first.
struct CollectedFlows {
    struct Row {
        var number: Int
        var weight: Int
        var cells: [String]
        var name: String
        var troubles: [String]
    }

    private let rows: Int
    private let only: Int?
    private(set) var shown: [Row] = []
    private(set) var count = 0
    private(set) var troubledCount = 0
    private(set) var mostTroubled: Int?
    private var mostWeight = -1
    private var floor = Int.min

    static let titles = [
        "flow", "client", "server", "start", "lasted", "packets", "to server", "to client", "round trip", "again",
        "state",
        "history",
    ]

    init(rows: Int, only: Int?) {
        self.rows = rows
        self.only = only
    }

    /// Takes a flow that is over; false if it is not wanted.
    mutating func take(_ flow: Flow) -> Bool {
        guard only == nil || only == flow.number else { return false }
        count += 1
        let troubles = flow.troubles
        if !troubles.isEmpty { troubledCount += 1 }
        // The worst trouble first, then what moved most.
        let rank = troubles.map(\.kind.rank).min() ?? FlowTrouble.Kind.rankOfNone
        let weight =
            (FlowTrouble.Kind.rankOfNone - rank) << 48 + min(flow.client.newBytes + flow.server.newBytes, 1 << 46)
        if weight > mostWeight {
            mostWeight = weight
            mostTroubled = flow.number
        }
        guard weight >= floor, rows > 0 else { return true }
        shown.append(
            Row(
                number: flow.number,
                weight: weight,
                cells: CaptureText.cells(flow),
                name: "flow \(flow.number), \(flow.client.end) to \(flow.server.end)",
                troubles: troubles.map(\.text)
            )
        )
        if shown.count > 2 * rows + 1000 { prune() }
        return true
    }

    /// The rows to be shown, in the order of the flows.
    mutating func finalRows() -> [Row] {
        prune()
        return shown.sorted { $0.number < $1.number }
    }

    private mutating func prune() {
        guard shown.count > rows else { return }
        shown.sort { $0.weight > $1.weight }
        shown.removeSubrange(rows...)
        floor = shown.last?.weight ?? floor
    }
}
