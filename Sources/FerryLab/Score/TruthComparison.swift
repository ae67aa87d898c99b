/// A verdict beside the truth: what of it is right.
///
/// What nobody can tell from the truth with what was granted is as right as the truth, for cause and locus. The remedy is
/// not: whoever is sent to the wrong door is sent to the wrong door. Where one cannot know, saying so is the right answer.
public struct TruthComparison: Sendable, Equatable, Codable {
    /// The remedy is the truth's; or it cannot be told, and the answer says so with a set that holds the truth.
    public var remedy: Bool
    /// Where it is, up to what cannot be told apart.
    public var locus: Bool
    /// What it is, up to what cannot be told apart.
    public var cause: Bool
    /// How it does it.
    public var mechanism: Bool
    /// Which packets, no more and no fewer.
    public var selector: Bool
    /// What armed it.
    public var trigger: Bool
    /// What keeps it.
    public var memory: Bool
    /// Whether the bracket holds for how long it is kept; nil if the truth says no seconds.
    public var seconds: Bool?
    /// What it answers holds the truth; for `indistinguishable`, its set does.
    public var holdsTruth: Bool
    /// Whether it says that it cannot be told, where it cannot; nil where it can.
    public var refusal: Bool?
    /// It says that it cannot be told, or gives no verdict, where one could have known.
    public var isNeedlessRefusal: Bool
    /// It finds a fault in a healthy network.
    public var isFalseAlarm: Bool
    /// It finds a broken network healthy.
    public var isMissed: Bool
    /// It calls itself confirmed or very likely, and its remedy is wrong.
    public var isOverconfident: Bool
    /// The set that its probabilities give 90 % to holds the truth.
    public var isCovered: Bool

    /// `verdict` beside `truth`, with what the tier gives.
    /// - Parameter tier: the privilege tier that was granted, 0 to 3.
    public init(_ verdict: Verdict, _ truth: Scenario.Truth, tier: Int) {
        let alike = truth.alike.filter { tier <= $0.tier }
        let causes = Set(truth.causes)
        let likeCauses = causes.union(alike.flatMap(\.causes))
        let likeLoci = Set(truth.loci).union(alike.flatMap(\.loci))
        let isHealthy = truth.causes == ["none"]
        let refuses = verdict.level == .indistinguishable
        // Where all that cannot be told apart is mended alike, nobody has to refuse.
        let hasToRefuse = truth.refusal || alike.contains { !$0.remedies.allSatisfy { $0 == truth.remedy } }

        switch verdict.level {
        case .noVerdict: holdsTruth = false
        // A set of everything says nothing: it holds what cannot be told from the truth, or few.
        case .indistinguishable:
            let isSaying =
                verdict.set.count <= TruthComparison.few || likeCauses.isSuperset(of: verdict.set)
            holdsTruth = isSaying && causes.isSubset(of: verdict.set)
        default: holdsTruth = verdict.remedy == truth.remedy
        }
        // A guess is no answer to what cannot be known, not even a lucky one.
        remedy = holdsTruth && (truth.refusal ? refuses : !refuses || hasToRefuse)
        cause =
            refuses
            ? remedy
            : verdict.level != .noVerdict
                && (causes == Set(verdict.causes)
                    || Set(verdict.causes).count == causes.count && likeCauses.isSuperset(of: verdict.causes))
        locus = TruthComparison.isRight(Set(verdict.loci), truth.loci, likeLoci, refuses: refuses)
        mechanism = verdict.mechanism == truth.mechanism
        selector = Set(verdict.selector) == Set(truth.selector)
        trigger = verdict.trigger == truth.trigger
        memory = verdict.memory.kind == truth.memory
        seconds = truth.memorySeconds.map { verdict.memory.seconds?.contains($0) ?? false }
        refusal = truth.refusal ? refuses && holdsTruth : nil
        isNeedlessRefusal = (refuses || verdict.level == .noVerdict) && !hasToRefuse
        isFalseAlarm = isHealthy && verdict.level != .noVerdict && !verdict.set.contains("none")
        isMissed = !isHealthy && verdict.causes == ["none"]
        isOverconfident = [.confirmed, .veryLikely].contains(verdict.level) && !remedy
        isCovered = TruthComparison.isCovered(verdict, truth, holdsTruth)
    }

    /// A set of more causes has to be one of those that cannot be told from the truth.
    private static let few = 4

    private static func isRight(
        _ told: Set<String>,
        _ truth: [String],
        _ like: Set<String>,
        refuses: Bool
    ) -> Bool {
        if truth.isEmpty { return told.isEmpty }
        // A set of several causes may lie at several places; one of them has to be the truth's.
        if refuses { return !told.isDisjoint(with: like) }
        return told == Set(truth) || told.count == truth.count && like.isSuperset(of: told)
    }

    /// The verdict, then the alternatives by falling probability, until they have 90 % between them or there are no more.
    private static func isCovered(_ verdict: Verdict, _ truth: Scenario.Truth, _ holdsTruth: Bool) -> Bool {
        if holdsTruth, verdict.level != .noVerdict { return true }
        var sum = verdict.level == .noVerdict ? 0 : verdict.confidence
        for one in verdict.alternatives.sorted(by: { $0.probability > $1.probability }) {
            // Sums of decimal fractions fall short of 0.9 by a rounding.
            if sum >= 0.9 - 1e-9 { return false }
            if one.remedy == truth.remedy || Set(one.causes) == Set(truth.causes) { return true }
            sum += one.probability
        }
        return false
    }
}
