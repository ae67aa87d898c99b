internal import Foundation

/// Whether a fault is at work at the moment of a contact, which depends on what has gone before.
enum ActivityModel {
    private typealias Table = LikelihoodTable.Activity
    private typealias Memory = LikelihoodTable.Memory
    private typealias Demand = LikelihoodTable.Demand
    private typealias Threshold = LikelihoodTable.Threshold

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
        case .firstSYNDrop, .synChallenge: return contact.isFresh ? Table.freshSource : Table.knownSource
        case .serviceRefuses: return Table.standing
        case .tupleReuse:
            return scene.silence < scene.minute * Table.tupleMinutes ? Table.tupleRemembered : Table.tupleForgotten
        default: break
        }
        switch trigger {
        case .concurrency: return concurrency(contact, scene)
        case .connectionRate, .bytes, .offWire:
            return [.fixed, .renewedByHits].contains(memory)
                ? remembered(scene) : demanded(cause, trigger, contact, scene)
        default: return Table.standing * demanded(cause, trigger, contact, scene)
        }
    }

    private static func concurrency(_ contact: Contact, _ scene: Scene) -> Double {
        typealias Table = LikelihoodTable.Concurrency
        if contact.concurrency > 1 {
            let failing = scene.failingConcurrency ?? Table.atOnceCount + 1
            return contact.concurrency >= failing ? Table.atOnce : Table.belowFailed
        }
        guard contact.vantage == 0, contact.source == .failing else { return Table.few }
        switch scene.hasManyConnections {
        case true?: return Table.many
        case false?: return Table.few
        case nil: return Table.unknown
        }
    }

    /// A limit of new connections gives way with every moment in which none is made.
    private static func rateLimited(_ scene: Scene) -> Double {
        let minutes = scene.silence / scene.minute
        return minutes < 1
            ? Memory.rateLimited : max(Memory.rateLimitedAfterSilence, Memory.rateLimited / (minutes * minutes))
    }

    private static func remembered(_ scene: Scene) -> Double {
        if scene.hasRecovered { return Memory.afterSuccess }
        // A clock of somebody else may have put the last failure into the future.
        let minutes = max(0, scene.silence) / scene.minute
        return max(Memory.floor, Memory.blocked - Memory.fall * log2(1 + minutes))
    }

    /// The probability that the contact does what provokes the fault.
    static func demanded(_ cause: Cause, _ trigger: Trigger, _ contact: Contact, _ scene: Scene) -> Double {
        switch trigger {
        case .idle:
            return reaches(contact.idleSeconds, failing: scene.failingIdle, Threshold.silence(scene.minute))
        case .bytes:
            return reaches(Double(contact.bytes), failing: scene.failingBytes.map(Double.init), Threshold.quota)
        case .age:
            let age = max(contact.ageSeconds, contact.idleSeconds)
            return reaches(age, failing: scene.failingAge, Threshold.age(scene.minute))
        default: break
        }
        switch cause {
        case .receiverStalled:
            return reaches(Double(contact.bytes), failing: scene.failingBytes.map(Double.init), Threshold.unread)
        case .policer, .shaper, .scrubbingCap:
            let harmless = max(Demand.slowRate, (scene.limitedRate ?? 0) * Demand.wellBelowLimit)
            if let rate = contact.rate, rate <= harmless {
                return cause == .scrubbingCap ? Demand.slowPastScrubbing : Demand.slowPastLimit
            }
            return contact.isBulk ? Demand.bulkPastLimit : Demand.littlePastLimit
        case .randomLoss, .lanLoss, .reordering, .windowScaleStripped, .sackStripped,
            .egressAddressFlap:
            return contact.isBulk ? Demand.bulkPastHarm : Demand.littlePastHarm
        case .egressSaturation:
            guard contact.isBulk else { return Demand.littlePastSaturation }
            return contact.rate == nil ? Demand.bulkPastSaturation : Demand.pacedPastSaturation
        case .sourceSlow: return 0
        default: return 1
        }
    }

    /// The probability that a threshold lies below `value`: above what has failed it surely does, else its logarithm is
    /// anywhere in the range.
    private static func reaches(_ value: Double, failing: Double?, _ bounds: Threshold.Bounds) -> Double {
        let (low, high) = bounds
        if let failing {
            if value >= failing * Threshold.asFailed { return Threshold.reached }
            guard value > low else { return Threshold.underRangeOfFailed }
            return Threshold.almost * min(1, log(value / low) / max(Threshold.leastSpan, log(failing / low)))
        }
        guard value > low else { return Threshold.underRange }
        return min(Threshold.most, log(value / low) / log(high / low))
    }
}
