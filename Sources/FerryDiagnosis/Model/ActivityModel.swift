internal import Foundation

/// Whether a fault is at work at the moment of a contact, which depends on what has gone before.
enum ActivityModel {
    /// The probability that the fault acts on `contact`, if that passes it and is one of those that it picks.
    static func isActive(
        _ cause: Cause,
        _ trigger: Trigger,
        _ memory: MemoryKind,
        _ contact: Contact,
        _ scene: Scene
    ) -> Double {
        switch cause {
        case .none, .unmodelled: return 0
        case .synRateLimit: return rateLimited(scene)
        case .firstSYNDrop, .synChallenge: return contact.isFresh ? 0.95 : 0.04
        case .serviceRefuses: return LikelihoodTable.standing
        // Ends of connections are remembered for one to four minutes (RFC 9293, section 3.6.1).
        case .tupleReuse: return scene.silence < scene.minute * 2 ? 0.9 : 0.15
        default: break
        }
        switch trigger {
        case .concurrency: return concurrency(contact, scene)
        case .connectionRate, .bytes, .offWire:
            return [.fixed, .renewedByHits].contains(memory)
                ? remembered(scene) : demanded(cause, trigger, contact, scene)
        default: return LikelihoodTable.standing * demanded(cause, trigger, contact, scene)
        }
    }

    private static func concurrency(_ contact: Contact, _ scene: Scene) -> Double {
        if contact.concurrency > 8 { return 0.9 }
        guard contact.vantage == 0, contact.source == .failing else { return LikelihoodTable.concurrencyWithFew }
        switch scene.hasManyConnections {
        case true?: return LikelihoodTable.concurrencyWithMany
        case false?: return LikelihoodTable.concurrencyWithFew
        case nil: return LikelihoodTable.concurrencyUnknown
        }
    }

    /// A limit of new connections gives way with every moment in which none is made.
    private static func rateLimited(_ scene: Scene) -> Double {
        let minutes = scene.silence / scene.minute
        return minutes < 1
            ? LikelihoodTable.rateLimited
            : max(LikelihoodTable.rateLimitedAfterSilence, LikelihoodTable.rateLimited / (minutes * minutes))
    }

    private static func remembered(_ scene: Scene) -> Double {
        if scene.hasRecovered { return LikelihoodTable.rememberedAfterSuccess }
        let minutes = scene.silence / scene.minute
        return max(0.4, LikelihoodTable.remembered - LikelihoodTable.rememberedFall * log2(1 + minutes))
    }

    /// The probability that the contact does what provokes the fault.
    static func demanded(_ cause: Cause, _ trigger: Trigger, _ contact: Contact, _ scene: Scene) -> Double {
        switch trigger {
        case .idle:
            return reaches(
                contact.idleSeconds,
                failing: scene.failingIdle,
                from: scene.minute / 3,
                to: scene.minute * 120
            )
        case .bytes:
            return reaches(
                Double(contact.bytes),
                failing: scene.failingBytes.map(Double.init),
                from: 64e3,
                to: 1e9
            )
        case .age:
            let age = max(contact.ageSeconds, contact.idleSeconds)
            return reaches(age, failing: scene.failingAge, from: scene.minute / 3, to: scene.minute * 120)
        default: break
        }
        switch cause {
        case .receiverStalled:
            return reaches(Double(contact.bytes), failing: scene.failingBytes.map(Double.init), from: 64e3, to: 16e6)
        case .policer, .shaper, .scrubbingCap:
            if let rate = contact.rate, rate <= LikelihoodTable.slow { return cause == .scrubbingCap ? 0.4 : 0.08 }
            return contact.isBulk ? 0.97 : 0.1
        case .randomLoss, .lanLoss, .reordering, .windowScaleStripped, .sackStripped,
            .egressAddressFlap:
            return contact.isBulk ? 0.97 : 0.1
        case .egressSaturation: return !contact.isBulk ? 0.3 : contact.rate == nil ? 0.97 : 0.5
        case .sourceSlow: return 0
        default: return 1
        }
    }

    /// The probability that a threshold lies below `value`: above what has failed it surely does, else its logarithm is
    /// anywhere in the range.
    private static func reaches(_ value: Double, failing: Double?, from low: Double, to high: Double) -> Double {
        if let failing {
            if value >= failing * 0.98 { return 0.96 }
            guard value > low else { return 0.02 }
            return 0.5 * min(1, log(value / low) / max(0.1, log(failing / low)))
        }
        guard value > low else { return 0.01 }
        return min(0.97, log(value / low) / log(high / low))
    }
}
