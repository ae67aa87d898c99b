internal import FerryEvidence

/// Which experiment tells most for what it costs.
///
/// The value of a state of belief is the edge-cut value of EC² (Golovin, Krause and Ray, arXiv 1010.3091): the probability that
/// two hypotheses drawn from it ask for different remedies. An experiment's gain is by how much that is expected to fall. Where
/// remedies are settled, a smaller part of the gain is what it tells of place and selector.
struct ExperimentChoice {
    /// What counts beside the remedy. Judgement.
    static let detailShare = 0.25

    struct Scored {
        var experiment: Experiment
        /// Of the remedies, 0 to 1.
        var gain: Double
        /// Of cause, place and selector.
        var detail: Double
        /// The gain for the cost.
        var score: Double
    }

    let leading: [(hypothesis: Hypothesis, probability: Double)]
    private let remedies: [Int]
    private let labels: [Int]

    init(_ belief: Belief) {
        leading = belief.leading()
        remedies = ExperimentChoice.numbers(leading.map { $0.hypothesis.remedy.rawValue })
        labels = ExperimentChoice.numbers(
            leading.map {
                $0.hypothesis.causes.map(\.rawValue).joined() + $0.hypothesis.locus.rawValue
                    + "\($0.hypothesis.selector.rawValue)"
            }
        )
    }

    private static func numbers(_ names: [String]) -> [Int] {
        var known: [String: Int] = [:]
        return names.map { name in
            let number = known[name] ?? known.count
            known[name] = number
            return number
        }
    }

    /// By how much `experiment` is expected to lower what is open.
    /// - Parameters:
    ///   - scene: the situation when it will be made.
    ///   - watched: positions at which somebody watches.
    func gain(_ experiment: Experiment, in scene: Scene, watched: [Site.Position]) -> (remedy: Double, detail: Double) {
        guard let contact = experiment.contact else { return (0, 0) }
        var joint: [[Double]] = []
        for (hypothesis, probability) in leading {
            joint.append(outcomes(hypothesis, contact, watched, scene).map { $0 * probability })
        }
        return (reduction(joint, remedies), reduction(joint, labels))
    }

    /// The probability of each result: the outcome, and how far the request of one that fails is seen to come.
    private func outcomes(_ hypothesis: Hypothesis, _ contact: Contact, _ watched: [Site.Position], _ scene: Scene)
        -> [Double]
    {
        let distribution = ContactModel.outcomes(hypothesis, contact, scene)
        var results: [Double] = []
        for outcome in ProbeOutcome.allCases {
            let probability = distribution[outcome]
            if watched.isEmpty || outcome.worked || outcome == .notSent {
                results.append(probability)
                for _ in watched { results.append(0) }
                continue
            }
            // The furthest place where it was seen.
            var left = probability
            var reached: [Double] = []
            for position in watched {
                let passes = PassageModel.requestPasses(hypothesis, contact, outcome, to: position, scene)
                reached.append(left * (1 - passes))
                left *= passes
            }
            results += reached + [left]
        }
        return results
    }

    private func reduction(_ joint: [[Double]], _ classes: [Int]) -> Double {
        let count = (classes.max() ?? 0) + 1
        var before = [Double](repeating: 0, count: count)
        for (row, number) in zip(joint, classes) { before[number] += row.reduce(0, +) }
        let all = before.reduce(0, +)
        guard all > 0 else { return 0 }
        let open = 1 - before.reduce(0) { $0 + ($1 / all) * ($1 / all) }
        var expected = 0.0
        for column in joint.first?.indices ?? 0..<0 {
            var shares = [Double](repeating: 0, count: count)
            for (row, number) in zip(joint, classes) { shares[number] += row[column] }
            let sum = shares.reduce(0, +)
            guard sum > 1e-9 else { continue }
            let left = 1 - shares.reduce(0) { $0 + ($1 / sum) * ($1 / sum) }
            expected += sum / all * left
        }
        return max(0, open - expected)
    }
}
