/// Which flow of one capture is which of the other. Devices between them may have translated addresses, ports and
/// sequence numbers.
struct FlowPairing {
    typealias Recorded = CaptureRecording.RecordedFlow

    /// By what two flows were found to be one.
    enum Basis: String {
        case sequenceNumbers
        case timestamps
        case ends
        case content
    }

    struct Pair {
        var left: Int
        var right: Int
        var basis: Basis
        /// The right one's roles are the other way round.
        var isExchanged = false
        /// Flows that are parts of this one, because an address changed in its midst.
        var leftParts: [Int] = []
        var rightParts: [Int] = []
    }

    private(set) var pairs: [Pair] = []
    private(set) var onlyLeft: [Int] = []
    private(set) var onlyRight: [Int] = []

    init(_ left: [Recorded], _ right: [Recorded]) {
        var free = Set(right.indices)
        var partner = [Int: Pair]()
        // The surest first, for all flows: a weaker likeness never takes a flow away from a stronger one.
        for rule in FlowPairing.rules {
            var index: [UInt64: Candidates] = [:]
            for place in right.indices where free.contains(place) {
                for key in rule.keys(right[place]) { index[key, default: Candidates()].places.append(place) }
            }
            for place in left.indices where partner[place] == nil {
                let start = left[place].flow.start
                var nearest: Int?
                for key in rule.keys(left[place]) where nearest == nil {
                    nearest = index[key]?.nearest(to: start, right, free)
                }
                guard let nearest else { continue }
                free.remove(nearest)
                let isExchanged = left[place].flow.client.end == right[nearest].flow.server.end
                partner[place] = Pair(left: place, right: nearest, basis: rule.basis, isExchanged: isExchanged)
            }
        }
        pairs = left.indices.compactMap { partner[$0] }
        let leftWholes = Wholes(pairs.map { left[$0.left].flow })
        for place in left.indices where partner[place] == nil {
            if let whole = leftWholes.whole(of: left[place].flow) {
                pairs[whole].leftParts.append(place)
            } else {
                onlyLeft.append(place)
            }
        }
        let rightWholes = Wholes(pairs.map { right[$0.right].flow })
        for place in free.sorted() {
            if let whole = rightWholes.whole(of: right[place].flow) {
                pairs[whole].rightParts.append(place)
            } else {
                onlyRight.append(place)
            }
        }
    }

    /// Flows that have something in common. Of many, as in a scan or where all send the same, the order has to do: to
    /// look at each for each would take longer than anybody waits.
    private struct Candidates {
        private static let most = 64

        var places: [Int] = []
        private var first = 0

        mutating func nearest(to start: PacketTime, _ flows: [Recorded], _ free: Set<Int>) -> Int? {
            while first < places.count, !free.contains(places[first]) { first += 1 }
            guard places.count - first <= Candidates.most else { return places[first] }
            return places[first...].filter(free.contains).min {
                abs(flows[$0].flow.start - start) < abs(flows[$1].flow.start - start)
            }
        }
    }

    /// Flows of which others may be parts, by what both have the same.
    private struct Wholes {
        private struct Key: Hashable {
            var server: FlowEnd
            var clientPort: UInt16

            init(_ flow: Flow) {
                server = flow.server.end
                clientPort = flow.client.end.port
            }
        }

        private static let most = 64
        private let flows: [Flow]
        private var places: [Key: [Int]] = [:]

        init(_ flows: [Flow]) {
            self.flows = flows
            for (place, flow) in flows.enumerated() where (places[Key(flow)]?.count ?? 0) < Wholes.most {
                places[Key(flow), default: []].append(place)
            }
        }

        func whole(of part: Flow) -> Int? { places[Key(part)]?.first { FlowPairing.isPart(part, of: flows[$0]) } }
    }

    /// Whether a flow without a beginning of its own is the middle of another with the same ports at the same time.
    private static func isPart(_ part: Flow, of whole: Flow) -> Bool {
        guard part.client.opening == nil, let opening = whole.client.opening else { return false }
        guard whole.start <= part.start, part.start.nanoseconds - whole.last.nanoseconds < 60_000_000_000 else {
            return false
        }
        let base = part.client.sequence.base ?? 0
        return base.distance(from: opening.sequence) >= 0
            && base.distance(from: opening.sequence) <= max(whole.client.newBytes, part.client.newBytes) + 1_000_000
    }

    private struct Rule {
        var basis: Basis
        var keys: @Sendable (Recorded) -> [UInt64]
    }

    private static let rules: [Rule] = [
        Rule(basis: .sequenceNumbers) { recorded in
            guard let client = recorded.flow.client.opening, let server = recorded.flow.server.opening else {
                return []
            }
            return [UInt64(client.sequence) << 32 | UInt64(server.sequence)]
        },
        Rule(basis: .sequenceNumbers) { recorded in
            recorded.flow.client.opening.map { [UInt64($0.sequence)] } ?? []
        },
        Rule(basis: .sequenceNumbers) { recorded in
            recorded.flow.server.opening.map { [UInt64($0.sequence)] } ?? []
        },
        // Clocks of connections begin at random since Linux 4.13.
        Rule(basis: .timestamps) { recorded in
            guard let clock = recorded.flow.client.opening?.options.timestamp, clock != 0 else { return [] }
            return [UInt64(clock)]
        },
        Rule(basis: .ends) { recorded in
            let key = FlowKey(recorded.flow.client.end, recorded.flow.server.end)
            return [UInt64(truncatingIfNeeded: key.hashValue)]
        },
        Rule(basis: .content) { recorded in
            // Of shorter data many flows have the same.
            (recorded.fromClient.prefix(64) + recorded.fromServer.prefix(64)).filter { $0.payloadLength >= 64 }
                .prefix(4).map(\.payloadHash)
        },
    ]
}
