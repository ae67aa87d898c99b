internal import FerryEvidence

/// What a transfer shows beside its outcome.
enum TransferModel {
    /// How likely a fault makes a transfer lose at least heavily, severely, or lightly, its round trip grow, the receiver's window
    /// limit it, and packets overtake each other.
    private struct Signs {
        var heavy = 0.05
        var severe = 0.005
        // Many lines lose a little, always.
        var light = 0.4
        var grows = 0.04
        var receiver = 0.04
        var reorders = 0.03
    }

    private static func signs(_ cause: Cause, _ contact: Contact) -> Signs {
        switch cause {
        case .randomLoss, .lanLoss:
            Signs(
                heavy: RandomLoss.heavy(contact),
                severe: RandomLoss.severe(contact),
                light: RandomLoss.light(contact),
                grows: 0.08,
                receiver: 0.01,
                reorders: 0.08
            )
        case .policer: Signs(heavy: 0.9, severe: 0.65, light: 0.07, grows: 0.1, receiver: 0.01, reorders: 0.05)
        case .shaper: Signs(heavy: 0.12, severe: 0.02, light: 0.2, grows: 0.9, receiver: 0.02, reorders: 0.02)
        case .egressSaturation:
            Signs(heavy: 0.4, severe: 0.12, light: 0.3, grows: 0.93, receiver: 0.02, reorders: 0.03)
        case .scrubbingCap: Signs(heavy: 0.8, severe: 0.55, light: 0.12, grows: 0.15, receiver: 0.02, reorders: 0.05)
        case .reordering: Signs(heavy: 0.35, severe: 0.05, light: 0.3, grows: 0.05, receiver: 0.02, reorders: 0.93)
        case .sackStripped: Signs(heavy: 0.3, severe: 0.06, light: 0.4, grows: 0.05, receiver: 0.01, reorders: 0.05)
        case .windowScaleStripped:
            Signs(heavy: 0.02, severe: 0.002, light: 0.05, grows: 0.04, receiver: 0.85, reorders: 0.02)
        case .receiverStalled:
            Signs(heavy: 0.05, severe: 0.01, light: 0.1, grows: 0.05, receiver: 0.9, reorders: 0.02)
        case .egressAddressFlap:
            Signs(heavy: 0.5, severe: 0.3, light: 0.2, grows: 0.05, receiver: 0.02, reorders: 0.1)
        default: Signs()
        }
    }

    private static func mixed(_ h: Hypothesis, _ contact: Contact, _ scene: Scene, _ sign: (Signs) -> Double) -> Double
    {
        let healthy = sign(Signs())
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
        let none = max(0.01, 1 - heavy - light)
        switch loss {
        case .severe: return severe / heavy
        case .heavy: return max(0.01, heavy - severe) / heavy
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
