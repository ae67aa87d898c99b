public import FerryCore

/// The flow chart of a good runbook: a baseline for a diagnosis. From question to question it goes where the answer says, down
/// to a leaf that names cause and remedy: the control port, the suspect once more, from elsewhere, from inside the cloud, to
/// other destinations, from other addresses; where a connection stands, what moves over it.
///
/// A question is asked once. It weighs nothing against anything, knows nothing of what was before, and reads no capture and no
/// provider's records: those are what a diagnosis has to be better by.
public struct DecisionTree {
    /// How long nothing is tried before the suspect is tried once more.
    static let silence = Duration.seconds(14)
    /// How sure whoever follows a chart is of a leaf that only its cause leads to, and of one that is what is left.
    static let sure = 0.85
    static let unsure = 0.6

    let questions: ChartQuestions
    private let grants: Grants

    /// A chart for `site`.
    /// - Parameters:
    ///   - site: what is granted of the site.
    ///   - grants: which experiments are allowed.
    ///   - wait: lets time pass.
    ///   - make: makes a connection.
    public init(
        _ site: Topology.Site,
        _ grants: Grants,
        wait: @escaping (Duration) -> Void,
        make: @escaping (PlainAsk) throws(FerryError) -> PlainProbe.Result
    ) {
        questions = ChartQuestions(Prober(site, make), grants, wait: wait)
        self.grants = grants
    }

    /// Follows the chart.
    public func diagnose() throws(FerryError) -> Verdict {
        try conclude().verdict(tier: grants.tier, cost: questions.prober.cost)
    }

    private func conclude() throws(FerryError) -> Conclusion {
        var control = try questions.ask(.source, .control)
        if control == nil { control = try questions.ask(.source, .otherPort) }
        guard let suspect = try questions.ask(.source, .suspect) else {
            return Conclusion(cause: "unmodelled", locus: nil, mechanism: "none", confidence: 0)
        }
        if suspect.connects { return try ofConnection(suspect, control) }
        if suspect.outcome == .notSent {
            return Conclusion(
                cause: "source-ports-exhausted",
                locus: "source-host",
                mechanism: "none",
                selector: ["source-address", "destination-address", "destination-port"],
                trigger: "concurrency",
                memory: "none",
                confidence: DecisionTree.sure,
                rivals: ["source-firewall"]
            )
        }
        // It says itself what is wrong with it.
        if suspect.outcome == .appError { return leaf("service-refuses", "service", suspect, ["destination-port"]) }
        if let again = try questions.ask(.source, .suspect, time: 1), again.connects {
            return try ofChange(suspect, again, control)
        }
        if let control, !control.connects { return try ofHost(suspect) }
        return try ofPort(suspect, control)
    }

    /// A cause that shows as `result`.
    func leaf(
        _ cause: String,
        _ locus: String,
        _ result: PlainProbe.Result,
        _ selector: [String] = [],
        _ confidence: Double = sure,
        rivals: [String] = []
    ) -> Conclusion {
        Conclusion(
            cause: cause,
            locus: locus,
            mechanism: ExpertTree.mechanism(of: result.outcome),
            selector: selector,
            confidence: confidence,
            rivals: rivals
        )
    }

    /// A leaf that says: one of these, and what would have to be granted to know which.
    func oneOf(_ causes: [String], _ locus: String, _ result: PlainProbe.Result, partedBy: String) -> Conclusion {
        var conclusion = leaf(causes[0], locus, result, ["destination-port"], DecisionTree.sure)
        conclusion.inseparable = Verdict.Class(causes: causes, separatedBy: partedBy)
        return conclusion
    }
}
