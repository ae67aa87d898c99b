/// Two captures of the same flows, from two places on their way.
public struct CaptureComparison {
    /// The flows that both have, in the order of the first capture.
    public private(set) var flows: [FlowComparison] = []
    /// Those that only one has although the other ran.
    public private(set) var onlyLeft: [Flow] = []
    public private(set) var onlyRight: [Flow] = []

    /// Compares two recordings.
    public init(_ left: CaptureRecording, _ right: CaptureRecording) {
        let pairing = FlowPairing(left.flows, right.flows)
        if let leftRan = left.tally.times, let rightRan = right.tally.times {
            for pair in pairing.pairs {
                let other = right.flows[pair.right]
                flows.append(
                    FlowComparison(
                        left.flows[pair.left],
                        pair.isExchanged ? other.exchanged : other,
                        basis: pair.basis,
                        leftRan: leftRan,
                        rightRan: rightRan
                    )
                )
            }
        }
        onlyLeft = pairing.onlyLeft.map { left.flows[$0].flow }
        onlyRight = pairing.onlyRight.map { right.flows[$0].flow }
    }
}
