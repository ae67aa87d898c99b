internal import FerryEvidence
internal import Foundation

/// What is believed after what was found: the probability of each hypothesis.
public struct Belief: Sendable {
    /// A finding with what it counts.
    struct Weighed: Sendable {
        var finding: Finding
        /// 1 for what is new; less for what repeats.
        var weight: Double
        /// The situation when it was made.
        var scene: Scene
    }

    /// Every hypothesis.
    let hypotheses: [Hypothesis]
    /// How much each finding counts.
    let weights: EvidenceWeights
    private let priors: [Double]
    private var logs: [Double]
    private(set) var findings: [Weighed] = []
    private var repeats: [Finding: Int] = [:]
    /// How often the same way has worked, whatever was carried.
    private var relatives: [Finding: Int] = [:]
    /// The probability of each, in the order of `hypotheses`.
    private(set) var probabilities: [Double]

    init(_ weights: EvidenceWeights, without impossible: Set<Cause> = []) {
        self.weights = weights
        let all = FaultTable.hypotheses(without: impossible)
        hypotheses = all.map(\.0)
        priors = all.map(\.1)
        logs = priors.map { log($0) }
        probabilities = priors
    }

    /// Takes a finding into account.
    /// - Parameter weight: what it counts before repeats are.
    mutating func take(_ finding: Finding, in scene: Scene, weight: Double = 1) {
        let key = Belief.repeatKey(finding)
        let times = repeats[key, default: 0]
        repeats[key] = times + 1
        var related = 0
        if case .outcome(let contact, let outcome) = finding, outcome.worked {
            let relative = Finding.outcome(Belief.bare(contact), outcome)
            related = max(0, relatives[relative, default: 0] - times)
            relatives[relative, default: 0] += 1
        }
        let weight =
            weight * pow(weights.repeats, Double(times))
            * pow(weights.related, Double(related))
            * (Belief.isHard(finding) ? 1 : weights.temper)
        guard weight > 0.02 else { return }
        findings.append(Weighed(finding: finding, weight: weight, scene: scene))
        for index in hypotheses.indices {
            logs[index] += weight * log(max(1e-6, FindingModel.likelihood(finding, hypotheses[index], scene)))
        }
        normalise()
    }

    /// What physics says, and what was seen at both ends, counts in full.
    private static func isHard(_ finding: Finding) -> Bool {
        switch finding {
        case .handshakeIsShort(_, true), .endIsForged(_, _, true), .requestSeen, .answerSeen(_, _, at: .sourceHost, _),
            .serverEnded, .addressChanges(true):
            true
        default: false
        }
    }

    private static func bare(_ contact: Contact) -> Contact {
        var contact = contact
        (contact.content, contact.bytes, contact.rate) = (.none, 0, nil)
        (contact.idleSeconds, contact.ageSeconds, contact.isSmallSegmented) = (0, 0, false)
        return contact
    }

    /// What failed by itself time and again after about as much is the same failure, and no other one each time.
    private static func rounded(_ contact: Contact) -> Contact {
        func power(_ value: Double) -> Double { value < 1 ? 0 : exp2(log2(value).rounded(.down)) }
        var contact = contact
        contact.bytes = Int(power(Double(contact.bytes)))
        (contact.ageSeconds, contact.idleSeconds) = (power(contact.ageSeconds), power(contact.idleSeconds))
        return contact
    }

    /// What makes two findings the same: a connection that does not come about is the same whatever it was to carry.
    private static func repeatKey(_ finding: Finding) -> Finding {
        switch finding {
        case .outcome(let contact, let outcome) where outcome.isBeforeHandshake: .outcome(bare(contact), outcome)
        case .outcome(let contact, let outcome) where contact.isPast: .outcome(rounded(contact), outcome)
        case .requestSeen(let contact, let outcome, let position, let seen):
            .requestSeen(bare(contact), outcome, at: position, seen)
        case .answerSeen(let contact, let outcome, let position, let seen):
            .answerSeen(bare(contact), outcome, at: position, seen)
        case .serverEnded(let contact, let outcome, let end): .serverEnded(bare(contact), outcome, end)
        case .endIsForged(let contact, let outcome, let value): .endIsForged(bare(contact), outcome, value)
        case .endComesFromAsFar(let contact, let outcome, let value): .endComesFromAsFar(bare(contact), outcome, value)
        default: finding
        }
    }

    private mutating func normalise() {
        let most = logs.max() ?? 0
        probabilities = logs.map { exp($0 - most) }
        let sum = probabilities.reduce(0, +)
        for index in probabilities.indices { probabilities[index] /= sum }
    }

    /// The probability of each value of `key`, highest first; of those with the same one the first in the table comes first, so
    /// that the same records always give the same answer.
    func shares<Key: Hashable>(_ key: (Hypothesis) -> Key) -> [(key: Key, share: Double)] {
        var places: [Key: Int] = [:]
        var shares: [(key: Key, share: Double)] = []
        for (hypothesis, probability) in zip(hypotheses, probabilities) {
            let key = key(hypothesis)
            if let place = places[key] {
                shares[place].share += probability
            } else {
                places[key] = shares.count
                shares.append((key, probability))
            }
        }
        let order = shares.indices.sorted { (shares[$1].share, $0) < (shares[$0].share, $1) }
        return order.map { shares[$0] }
    }

    /// The likeliest hypothesis among those that `isOne` picks.
    func likeliest(where isOne: (Hypothesis) -> Bool = { _ in true }) -> Hypothesis? {
        var best: (Hypothesis, Double)?
        for (hypothesis, probability) in zip(hypotheses, probabilities) where isOne(hypothesis) {
            if best.map({ probability > $0.1 }) ?? true { best = (hypothesis, probability) }
        }
        return best?.0
    }

    /// The hypotheses that matter, with their probabilities: those of at least `floor`, at most `most`.
    func leading(floor: Double = 1e-4, most: Int = 160) -> [(hypothesis: Hypothesis, probability: Double)] {
        let all = zip(hypotheses, probabilities).filter { $0.1 >= floor }.sorted { $0.1 > $1.1 }.prefix(most)
        return all.map { ($0.0, $0.1) }
    }
}
