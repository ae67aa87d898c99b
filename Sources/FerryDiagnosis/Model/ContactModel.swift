internal import FerryEvidence

/// What a connection comes to if a hypothesis is true.
enum ContactModel {
    static func outcomes(_ hypothesis: Hypothesis, _ contact: Contact, _ scene: Scene) -> OutcomeDistribution {
        let there = outcomesOfService(hypothesis, contact, scene)
        let absence = scene.absence(of: contact)
        return absence > 0 ? OutcomeDistribution(absence, absent, else: there) : there
    }

    /// The same where there is a service that answers.
    static func outcomesOfService(_ hypothesis: Hypothesis, _ contact: Contact, _ scene: Scene) -> OutcomeDistribution {
        let rest = hypothesis.second.map { second in
            mixed(
                second.cause,
                second.locus,
                second.mechanism,
                second.selector,
                second.trigger,
                .none,
                contact,
                scene,
                else: background(contact)
            )
        }
        if hypothesis.cause == .unmodelled { return flat }
        if hypothesis.cause == .none, hypothesis.trigger == .unknown, contact.isPast { return outage }
        return mixed(
            hypothesis.cause,
            hypothesis.locus,
            hypothesis.mechanism,
            hypothesis.selector,
            hypothesis.trigger,
            hypothesis.memory,
            contact,
            scene,
            else: rest ?? background(contact)
        )
    }

    /// The probability that the first fault of `hypothesis` acts on `contact`.
    static func bites(_ hypothesis: Hypothesis, _ contact: Contact, _ scene: Scene) -> Double {
        PathModel.crosses(contact, hypothesis.cause, at: hypothesis.locus)
            * SelectorModel.matches(contact, hypothesis.selector, hypothesis.cause, hypothesis.memory, scene)
            * ActivityModel.isActive(hypothesis.cause, hypothesis.trigger, hypothesis.memory, contact, scene)
    }

    private static func mixed(
        _ cause: Cause,
        _ locus: Locus,
        _ mechanism: Mechanism,
        _ selector: Selector,
        _ trigger: Trigger,
        _ memory: MemoryKind,
        _ contact: Contact,
        _ scene: Scene,
        else rest: OutcomeDistribution
    ) -> OutcomeDistribution {
        let share =
            PathModel.crosses(contact, cause, at: locus)
            * SelectorModel.matches(contact, selector, cause, memory, scene)
            * ActivityModel.isActive(cause, trigger, memory, contact, scene)
        guard share > 0 else { return rest }
        return OutcomeDistribution(share, failure(cause, locus, mechanism, trigger, contact), else: rest)
    }

    private static let plainBackground = OutcomeDistribution(LikelihoodTable.Background.plain)
    private static let bulkBackground = OutcomeDistribution(LikelihoodTable.Background.bulk)
    private static let flat = OutcomeDistribution(
        LikelihoodTable.Unmodelled.outcomes,
        leak: LikelihoodTable.Unmodelled.leak
    )
    private static let absent = OutcomeDistribution(LikelihoodTable.Declared.absent)
    private static let outage = OutcomeDistribution(LikelihoodTable.Background.outage)

    private static func background(_ contact: Contact) -> OutcomeDistribution {
        contact.isBulk ? bulkBackground : plainBackground
    }

    /// What it comes to when the fault acts on it.
    private static func failure(
        _ cause: Cause,
        _ locus: Locus,
        _ mechanism: Mechanism,
        _ trigger: Trigger,
        _ contact: Contact
    ) -> OutcomeDistribution {
        OutcomeDistribution(FailureTable.outcomes(cause, locus, mechanism, trigger, contact))
    }
}
