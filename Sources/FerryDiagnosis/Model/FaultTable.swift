/// Which combinations of cause, place, mechanism, selector, trigger and memory are possible, and how likely before anything
/// is known.
///
/// The rows follow the fault taxonomy of docs/design/0004-diagnosis-model.md; a row's weight is its share of bulk migration
/// failures, in arbitrary units, and is divided evenly among its combinations. A weight says which of two is more likely only
/// as long as nothing was measured; none decides a verdict.
enum FaultTable {
    struct Row {
        var cause: Cause
        var loci: [Locus]
        var mechanisms: [Mechanism]
        var selectors: [Selector]
        var triggers: [Trigger]
        var memories: [MemoryKind]
        var remedy: Remedy
        var weight: Double

        init(
            _ cause: Cause,
            at loci: [Locus],
            by mechanisms: [Mechanism],
            on selectors: [Selector],
            armed triggers: [Trigger] = [.standing],
            kept memories: [MemoryKind] = [.untilLifted],
            _ remedy: Remedy,
            _ weight: Double
        ) {
            self.cause = cause
            self.loci = loci
            self.mechanisms = mechanisms
            self.selectors = selectors
            self.triggers = triggers
            self.memories = memories
            self.remedy = remedy
            self.weight = weight
        }
    }

    static let rows: [Row] = healthy + ofSource + ofEdge + ofCarrier + ofCloud + ofStaging + unmodelled

    private static let healthy: [Row] = [
        Row(.none, at: [.application], by: [.none], on: [[]], armed: [.standing], kept: [.none], .none, 12),
        // Something that was, and is over.
        Row(.none, at: [.application], by: [.none], on: [[]], armed: [.unknown], kept: [.none], .none, 4),
    ]

    private static let unmodelled: [Row] = [
        Row(
            .unmodelled,
            at: [.application],
            by: [.none],
            on: [[]],
            armed: [.unknown],
            kept: [.unknown],
            .collectMoreEvidence,
            2.5
        )
    ]

    /// Faults that make a connection slow or end it midway, and so may stand beside one that stops it.
    static let beside: Set<Cause> = [.egressSaturation, .policer, .randomLoss, .mtuBlackHole, .idleTimeout, .shaper]
    /// How much less likely two at once are than the first alone.
    static let pairWeight = 0.01

    /// Every hypothesis with its prior probability, without those of `impossible` causes. The priors sum up to 1.
    static func hypotheses(without impossible: Set<Cause> = []) -> [(Hypothesis, Double)] {
        var all: [(Hypothesis, Double)] = []
        for row in rows where !impossible.contains(row.cause) {
            let share =
                row.weight
                / Double(
                    row.loci.count * row.mechanisms.count * row.selectors.count * row.triggers.count
                        * row.memories.count
                )
            for locus in row.loci {
                for mechanism in row.mechanisms {
                    for selector in row.selectors {
                        for trigger in row.triggers {
                            for memory in row.memories {
                                all.append(
                                    (
                                        Hypothesis(
                                            cause: row.cause,
                                            locus: locus,
                                            mechanism: mechanism,
                                            selector: selector,
                                            trigger: trigger,
                                            memory: memory,
                                            remedy: row.remedy
                                        ), share
                                    )
                                )
                            }
                        }
                    }
                }
            }
        }
        all += pairs(all)
        let sum = all.reduce(0) { $0 + $1.1 }
        return all.map { ($0.0, $0.1 / sum) }
    }

    /// The pairs of which the first stops connections and the second makes what passes bad.
    private static func pairs(_ singles: [(Hypothesis, Double)]) -> [(Hypothesis, Double)] {
        let firsts: Set<Cause> = [.antiAbuseBlock, .snatPortExhaustion, .mtuBlackHole, .sackStripped]
        var pairs: [(Hypothesis, Double)] = []
        for (first, prior) in singles where firsts.contains(first.cause) {
            for (second, _) in singles where beside.contains(second.cause) && second.cause != first.cause {
                // What takes an option away only shows on a line that loses something.
                if first.cause == .sackStripped, second.cause != .randomLoss { continue }
                if first.cause == .mtuBlackHole, second.cause != .idleTimeout { continue }
                var pair = first
                pair.second = Hypothesis.Second(
                    cause: second.cause,
                    locus: second.locus,
                    mechanism: second.mechanism,
                    selector: second.selector,
                    trigger: second.trigger
                )
                let weight = first.cause == .sackStripped ? 0.5 : pairWeight
                pairs.append((pair, prior * weight))
            }
        }
        return pairs
    }
}
