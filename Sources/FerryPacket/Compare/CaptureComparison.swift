/// Two captures of the same flows, from two places on their way.
public struct CaptureComparison {
    /// The flows that both have, in the order of the first capture.
    public private(set) var flows: [FlowComparison] = []
    /// Those that only the first has.
    public private(set) var onlyLeft: [Flow] = []
    /// Those that only the second has.
    public private(set) var onlyRight: [Flow] = []

    /// Compares two recordings.
    public init(_ left: CaptureRecording, _ right: CaptureRecording) {
        let pairing = FlowPairing(left.flows, right.flows)
        if let leftRan = left.tally.times, let rightRan = right.tally.times {
            for pair in pairing.pairs {
                let leftParts = pair.leftParts.map { left.flows[$0] }
                let rightParts = pair.rightParts.map { right.flows[$0] }
                let other = right.flows[pair.right].joined(with: rightParts)
                var flow = FlowComparison(
                    left.flows[pair.left].joined(with: leftParts),
                    pair.isExchanged ? other.exchanged : other,
                    basis: pair.basis,
                    leftRan: leftRan,
                    rightRan: rightRan
                )
                flow.alsoAs = (leftParts + rightParts).map(\.flow.client.end)
                flows.append(flow)
            }
        }
        onlyLeft = pairing.onlyLeft.map { left.flows[$0].flow }
        onlyRight = pairing.onlyRight.map { right.flows[$0].flow }
    }
}
