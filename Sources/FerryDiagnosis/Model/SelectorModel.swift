/// Which connections a selector matches, given that it matches those that fail.
enum SelectorModel {
    /// The probability that `contact` is one of those that `selector` picks.
    static func matches(_ contact: Contact, _ selector: Selector, _ cause: Cause) -> Double {
        var probability = 1.0
        if selector.contains(.sourceAddress), !isPerSource(cause) {
            probability *= contact.source.sharesFailing
        }
        if selector.contains(.destinationAddress), contact.destination != .suspectHost { probability *= 0.01 }
        if selector.contains(.destinationPort), contact.port != .suspect {
            // What follows an offender to fresh ports follows its connections there, not a single one.
            probability *= contact.destination == .suspectHost && cause == .antiAbuseBlock ? 0.06 : 0.015
        }
        if selector.contains(.payload) {
            probability *= contact.content == .real ? 1 : 0.02
        }
        if selector.contains(.size) { probability *= contact.bytes > 1200 && !contact.isSmallSegmented ? 1 : 0.01 }
        if selector.contains(.sourcePort) { probability *= contact.repeatsFailingPort ? 0.97 : LikelihoodTable.badMember }
        return probability
    }

    /// Whether each source has its own count or state, so that another one is no other case but a fresh one.
    static func isPerSource(_ cause: Cause) -> Bool {
        [.firstSYNDrop, .synChallenge, .egressAddressFlap].contains(cause)
    }
}
