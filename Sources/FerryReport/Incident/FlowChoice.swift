internal import FerryPacket

/// The connections of a capture that are worth being shown.
struct FlowChoice {
    private let suspect: SuspectEnds
    private let most: Int
    private var counts = [(concerned: 0, troubled: 0), (concerned: 0, troubled: 0)]
    private var kept: [[(weight: Int, flow: Flow)]] = [[], []]

    init(_ suspect: SuspectEnds, most: Int) {
        self.suspect = suspect
        self.most = most
    }

    /// What goes to the suspect's own address counts, and only where there is nothing of that, what goes to its port.
    private var rank: Int { counts[0].concerned > 0 ? 0 : 1 }
    var concerned: Int { counts[rank].concerned }
    var troubled: Int { counts[rank].troubled }
    var flows: [Flow] { kept[rank].map(\.flow) }

    mutating func consider(_ flow: Flow) {
        guard let rank = suspect.rank(flow) else { return }
        counts[rank].concerned += 1
        let kinds = flow.troubles.map(\.kind).filter { $0 != .captureGaps }
        guard let weight = kinds.map(\.rank).min() else { return }
        counts[rank].troubled += 1
        let place = kept[rank].firstIndex { $0.weight > weight } ?? kept[rank].count
        guard place < most else { return }
        kept[rank].insert((weight, flow), at: place)
        if kept[rank].count > most { kept[rank].removeLast() }
    }
}
