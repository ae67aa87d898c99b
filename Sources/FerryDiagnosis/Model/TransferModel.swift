internal import FerryEvidence

/// What a transfer shows beside its outcome.
enum TransferModel {
    private typealias Table = LikelihoodTable.Transfer

    private static func signs(_ cause: Cause, _ contact: Contact) -> Table.Signs {
        switch cause {
        case .randomLoss, .lanLoss:
            Table.randomLoss(
                heavy: RandomLoss.heavy(contact),
                severe: RandomLoss.severe(contact),
                light: RandomLoss.light(contact)
            )
        case .policer: Table.policer
        case .shaper: Table.shaper
        case .egressSaturation: Table.egressSaturation
        case .scrubbingCap: Table.scrubbingCap
        case .reordering: Table.reordering
        case .sackStripped: Table.sackStripped
        case .windowScaleStripped: Table.windowScaleStripped
        case .receiverStalled: Table.receiverStalled
        case .egressAddressFlap: Table.egressAddressFlap
        default: Table.healthy
        }
    }

    private static func mixed(_ h: Hypothesis, _ contact: Contact, _ scene: Scene, _ sign: (Table.Signs) -> Double)
        -> Double
    {
        let healthy = sign(Table.healthy)
        var value = healthy
        if let second = h.second {
            let share =
                PathModel.crosses(contact, second.cause, at: second.locus)
                * SelectorModel.matches(contact, second.selector, second.cause, .none, scene)
            value = share * sign(signs(second.cause, contact)) + (1 - share) * healthy
        }
        let share = ContactModel.bites(h, contact, scene)
        return share * sign(signs(h.cause, contact)) + (1 - share) * value
    }

    /// The outcome of the transfer says already whether the loss is at least heavy; this, how much of that side it is.
    static func loss(_ hypothesis: Hypothesis, _ contact: Contact, _ loss: Finding.Loss, _ scene: Scene) -> Double {
        let heavy = mixed(hypothesis, contact, scene, \.heavy)
        let severe = mixed(hypothesis, contact, scene, \.severe)
        let light = mixed(hypothesis, contact, scene, \.light)
        let none = max(Table.leastOfAClass, 1 - heavy - light)
        switch loss {
        case .severe: return severe / heavy
        case .heavy: return max(Table.leastOfAClass, heavy - severe) / heavy
        case .light: return light / (light + none)
        case .none: return none / (light + none)
        }
    }

    static func roundTripGrows(_ hypothesis: Hypothesis, _ contact: Contact, _ scene: Scene) -> Double {
        mixed(hypothesis, contact, scene, \.grows)
    }

    static func receiverLimits(_ hypothesis: Hypothesis, _ contact: Contact, _ scene: Scene) -> Double {
        mixed(hypothesis, contact, scene, \.receiver)
    }

    static func reorders(_ hypothesis: Hypothesis, _ contact: Contact, _ scene: Scene) -> Double {
        mixed(hypothesis, contact, scene, \.reorders)
    }
}
