/// What many results say together.
///
/// A diagnosis that failed counts as one that was wrong: an answer that never comes helps nobody.
public struct ScoreCard: Sendable, Equatable {
    /// A share of something.
    public struct Share: Sendable, Equatable, Codable {
        /// How many are so.
        public var count: Int
        /// Out of how many.
        public var of: Int

        /// The share, 0 to 1; nil of nothing.
        public var value: Double? { of > 0 ? Double(count) / Double(of) : nil }
    }

    /// The results, in the order they were asked for.
    public let results: [ScoreResult]

    /// A card of `results`.
    public init(_ results: [ScoreResult]) { self.results = results }

    /// Only those results that `keep` wants.
    public func only(_ keep: (ScoreResult) -> Bool) -> ScoreCard { ScoreCard(results.filter(keep)) }

    private var tried: [ScoreResult] { results.filter { $0.status != .skipped } }
    private var scored: [ScoreResult.Scored] { results.compactMap(\.scored) }

    private func share(
        _ results: [ScoreResult],
        _ isSo: (TruthComparison) -> Bool
    ) -> Share {
        Share(count: results.compactMap(\.scored).count { isSo($0.comparison) }, of: results.count)
    }

    /// Remedy right, of all that were tried.
    public var remedy: Share { share(tried) { $0.remedy } }
    /// Locus right.
    public var locus: Share { share(tried) { $0.locus } }
    /// Cause right.
    public var cause: Share { share(tried) { $0.cause } }
    /// Mechanism right, of the broken networks.
    public var mechanism: Share { share(broken) { $0.mechanism } }
    /// Selector exact, of the broken networks.
    public var selector: Share { share(broken) { $0.selector } }
    /// Trigger right, of the broken networks.
    public var trigger: Share { share(broken) { $0.trigger } }
    /// Kind of memory right, of the broken networks.
    public var memory: Share { share(broken) { $0.memory } }
    /// The memory's seconds bracketed, where the truth has seconds.
    public var seconds: Share {
        let known = scored.compactMap(\.comparison.seconds)
        return Share(count: known.count { $0 }, of: known.count)
    }
    /// The set that has 90 % of the probability holds the truth.
    public var coverage: Share { share(tried) { $0.isCovered } }
    /// It was said that it cannot be told, where it cannot.
    public var refusals: Share {
        let known = scored.compactMap(\.comparison.refusal)
        return Share(count: known.count { $0 }, of: known.count)
    }
    /// A fault was found in a healthy network.
    public var falseAlarms: Share { share(tried.filter(\.isHealthy)) { $0.isFalseAlarm } }
    /// A broken network was found healthy.
    public var missed: Share { share(broken) { $0.isMissed } }
    /// No answer, or a set, where one could have known.
    public var needlessRefusals: Share { share(tried) { $0.isNeedlessRefusal } }
    /// Confirmed or very likely, and wrong.
    public var overconfident: Share { share(tried) { $0.isOverconfident } }
    /// Tried, and failed.
    public var failures: Share { Share(count: tried.count { $0.status == .failed }, of: tried.count) }

    private var broken: [ScoreResult] { tried.filter { !$0.isHealthy } }

    /// The confidences beside what was right. Whoever gives no verdict claims nothing; whoever gives a set claims that it
    /// holds the truth.
    public var calibration: Calibration {
        Calibration(
            scored.filter { $0.level != .noVerdict }.map { one in
                let isSet = one.level == .indistinguishable
                return .init(
                    confidence: one.confidence,
                    isRight: isSet ? one.comparison.holdsTruth : one.comparison.remedy
                )
            }
        )
    }

    /// Connections to the suspect, in the middle.
    public var medianConnects: Double? { ScoreCard.median(scored.map { Double($0.suspectConnects) }) }
    /// Seconds, in the middle.
    public var medianSeconds: Double? { ScoreCard.median(scored.map(\.seconds)) }
    /// Bytes, in the middle.
    public var medianBytes: Double? { ScoreCard.median(scored.map { Double($0.bytes) }) }
    /// Extra seconds of block, in the middle of where it was measured.
    public var medianHarm: Double? { ScoreCard.median(scored.compactMap(\.harm)) }
    /// Extra seconds of block that one of twenty exceeds.
    public var harm95: Double? { ScoreCard.quantile(0.95, scored.compactMap(\.harm)) }

    /// How often each cause was taken for each: truth, answer, count, by falling count of the truth's rows.
    public var confusion: [String: [String: Int]] {
        var table: [String: [String: Int]] = [:]
        for result in results {
            guard let scored = result.scored else { continue }
            let answer = scored.level == .noVerdict ? "no-verdict" : scored.verdict.causes.joined(separator: " + ")
            table[result.truth.causes.joined(separator: " + "), default: [:]][answer, default: 0] += 1
        }
        return table
    }

    static func median(_ values: [Double]) -> Double? {
        let sorted = values.sorted()
        guard let last = sorted.indices.last else { return nil }
        return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2
    }

    /// The least value that at least the share `part` of all is no greater than.
    static func quantile(_ part: Double, _ values: [Double]) -> Double? {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return nil }
        return sorted[max(0, Int((part * Double(sorted.count)).rounded(.up)) - 1)]
    }
}
