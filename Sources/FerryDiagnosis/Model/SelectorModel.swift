/// Which connections a selector matches, given that it matches those that fail.
enum SelectorModel {
    /// The probability that `contact` is one of those that `selector` picks.
    static func matches(_ contact: Contact, _ selector: Selector, _ cause: Cause, _ memory: MemoryKind, _ scene: Scene)
        -> Double
    {
        var probability = 1.0
        if selector.contains(.sourceAddress), !isPerSource(cause) {
            probability *= contact.source.sharesFailing
        }
        // A block of an address now and then leaves out what everybody uses.
        if cause == .sourceAddressBlock, case .other = contact.port { probability *= 0.8 }
        if selector.contains(.destinationAddress), contact.destination != .suspectHost { probability *= 0.01 }
        if selector.contains(.destinationPort), contact.port != .suspect {
            // What follows an offender to fresh ports follows its connections there, not a single one.
            probability *= contact.destination == .suspectHost && cause == .antiAbuseBlock ? 0.06 : 0.015
        }
        if selector.contains(.payload) {
            probability *= contact.content == .real ? 1 : remains(contact, memory, scene)
        }
        if selector.contains(.size) { probability *= contact.bytes > 1200 && !contact.isSmallSegmented ? 1 : 0.01 }
        if selector.contains(.sourcePort) {
            // The port is one of the whole tuple.
            if cause == .tupleReuse, contact.destination != .suspectHost || contact.port != .suspect { return 0.01 }
            probability *= contact.repeatsFailingPort ? 0.97 : LikelihoodTable.badMember
        }
        return probability
    }

    /// The probability that content that went before still has an effect on what follows on the same addresses and port: some
    /// devices go on for one to three minutes.
    private static func remains(_ contact: Contact, _ memory: MemoryKind, _ scene: Scene) -> Double {
        guard memory == .fixed, contact.source == .failing, contact.isSuspectKey else { return 0.02 }
        return scene.silence < scene.minute * 3 ? 0.75 : 0.1
    }

    /// Whether each source has its own count or state, so that another one is no other case but a fresh one.
    static func isPerSource(_ cause: Cause) -> Bool {
        [.firstSYNDrop, .synChallenge, .egressAddressFlap].contains(cause)
    }
}
