internal import FerryEvidence

/// What a connection comes to when a fault acts on it. All of it follows from what the fault does to packets (docs/design/0004),
/// with a share for what differs between implementations.
enum FailureTable {
    static func distribution(_ hypothesis: Hypothesis, _ contact: Contact) -> OutcomeDistribution {
        OutcomeDistribution(
            outcomes(hypothesis.cause, hypothesis.locus, hypothesis.mechanism, hypothesis.trigger, contact)
        )
    }

    static func outcomes(
        _ cause: Cause,
        _ locus: Locus,
        _ mechanism: Mechanism,
        _ trigger: Trigger,
        _ contact: Contact
    ) -> [ProbeOutcome: Double] {
        switch cause {
        case .none, .unmodelled: [.ok: 1]
        // Whatever it is that answers, or does not, where the name leads to.
        case .dnsWrong:
            mechanism == .drop
                ? [.synTimeout: 0.8, .notSent: 0.1, .icmp: 0.08]
                : [.refusedFull: 0.7, .notSent: 0.1, .applicationError: 0.1, .connectReset: 0.04, .connectClosed: 0.04]
        // A peer that still knows the connection before answers with what belongs to that; it may come about at the second try.
        case .tupleReuse:
            mechanism == .drop
                ? [.synTimeout: 0.8, .lateConnect: 0.18]
                : [.refusedFull: 0.5, .lateConnect: 0.33, .connectReset: 0.14]
        case .sourcePortsExhausted: [.notSent: 0.97, .applicationError: 0.02]
        case .sourceFirewall:
            switch mechanism {
            case .drop: [.synTimeout: 0.75, .notSent: 0.24]
            case .reset: [.refusedFast: 0.95, .refusedFull: 0.03]
            default: [.notSent: 0.5, .icmp: 0.3, .refusedFast: 0.2]
            }
        case .firewallReject:
            mechanism == .reset
                ? [.refusedFast: 0.9, .refusedFull: 0.08] : [.icmp: 0.5, .refusedFast: 0.42, .refusedFull: 0.08]
        case .hostBan:
            switch mechanism {
            case .drop: [.synTimeout: 0.97]
            case .reset: [.refusedFull: 0.95, .connectReset: 0.03]
            default: [.refusedFull: 0.75, .icmp: 0.22]
            }
        case .firewallDrop, .firewallSessionLimit, .snatPortExhaustion, .carrierPortBlock, .carrierBlackHole,
            .securityGroup, .asymmetricPath, .returnRouteMissing, .badECMPMember:
            [.synTimeout: 0.96, .icmp: 0.02, .lateConnect: 0.01]
        case .destinationBlackHole: [.synTimeout: 0.85, .icmp: 0.13]
        case .acceptQueueOverflow: [.synTimeout: 0.85, .lateConnect: 0.06, .connectSilence: 0.08]
        case .antiAbuseBlock, .sourceAddressBlock, .synRateLimit: blocked(mechanism, trigger, contact)
        case .concurrencyLimit:
            mechanism == .reset ? [.refusedFull: 0.85, .connectReset: 0.12] : [.synTimeout: 0.97]
        case .serviceNotListening: [.refusedFull: 0.98]
        case .staleStagingAddress:
            mechanism == .reset ? [.refusedFull: 0.85, .applicationError: 0.12] : [.synTimeout: 0.97]
        case .serviceRefuses:
            trigger == .concurrency
                ? [.applicationError: 0.97]
                : mechanism == .reset
                    ? [.connectReset: 0.93, .refusedFull: 0.03, .midReset: 0.02]
                    : [.connectClosed: 0.93, .midClosed: 0.03]
        case .notNetwork: [.applicationError: 0.6, .connectClosed: 0.3]
        case .synProxyDeadBackend:
            switch mechanism {
            case .silence: [.connectSilence: 0.97]
            case .reset: [.connectReset: 0.97]
            default: [.connectClosed: 0.97]
            }
        case .forgedClose:
            mechanism == .close ? [.connectClosed: 0.85, .midClosed: 0.1] : [.connectReset: 0.85, .midReset: 0.1]
        case .loadBalancer:
            switch (trigger, mechanism) {
            case (.idle, .drop): [.midStall: 0.97]
            case (.idle, _): [.midReset: 0.97]
            case (_, .drop): [.synTimeout: 0.95, .connectSilence: 0.03]
            default: [.connectReset: 0.5, .refusedFull: 0.45]
            }
        case .idleTimeout: mechanism == .drop ? [.midStall: 0.95] : [.midReset: 0.95]
        case .applicationTimeout: [.midClosed: 0.85, .midReset: 0.1]
        case .lanInjector, .payloadInjector, .payloadReset: [.midReset: 0.94, .connectReset: 0.04]
        case .payloadDrop:
            contact.content != .real ? [.synTimeout: 0.93, .midStall: 0.04] : [.midStall: 0.93, .synTimeout: 0.04]
        case .mtuBlackHole: [.midStall: 0.97]
        case .byteQuota: mechanism == .reset ? [.midReset: 0.96] : [.midStall: 0.8, .synTimeout: 0.17]
        case .lifetimeKill: [.midReset: 0.95]
        case .receiverStalled: [.midStallAtReceiver: 0.9, .midStall: 0.07]
        case .egressAddressFlap:
            [.midStall: 0.35, .midReset: 0.3, .slowLossy: 0.15, .synTimeout: 0.08, .connectSilence: 0.06]
        case .transparentProxy, .sourceSlow: [.ok: 0.97]
        case .egressSaturation:
            contact.isBulk
                ? [.slowShaped: 0.45, .slowLossy: 0.4, .ok: 0.05, .midStall: 0.04, .lateConnect: 0.03]
                : [.ok: 0.8, .lateConnect: 0.1, .synTimeout: 0.04, .slowShaped: 0.04]
        case .policer: [.slowLossy: 0.82, .slowShaped: 0.07, .ok: 0.08, .midStallAtReceiver: 0.01, .midStall: 0.01]
        case .shaper: [.slowShaped: 0.78, .slowLossy: 0.15, .ok: 0.05]
        case .randomLoss, .lanLoss: lossy(contact)
        case .reordering: [.ok: 0.55, .slowLossy: 0.42]
        case .scrubbingCap:
            [.slowLossy: 0.4, .slowShaped: 0.2, .midStall: 0.14, .synTimeout: 0.1, .lateConnect: 0.08, .ok: 0.05]
        case .windowScaleStripped: [.slowShaped: 0.6, .midStallAtReceiver: 0.1, .midStall: 0.05, .ok: 0.23]
        case .sackStripped: [.slowLossy: 0.3, .ok: 0.65]
        case .ecnSYNDrop, .firstSYNDrop: [.lateConnect: 0.97]
        case .synChallenge: [.ok: 0.5, .lateConnect: 0.46]
        }
    }

    private static func blocked(_ mechanism: Mechanism, _ trigger: Trigger, _ contact: Contact) -> [ProbeOutcome:
        Double]
    {
        // What content has armed, content is cut by first.
        let cuts = trigger == .bytes && contact.isBulk
        switch mechanism {
        case .drop: return cuts ? [.midStall: 0.6, .synTimeout: 0.37] : [.synTimeout: 0.97]
        case .close: return cuts ? [.midClosed: 0.5, .connectClosed: 0.46] : [.connectClosed: 0.94, .midClosed: 0.02]
        default:
            return cuts
                ? [.midReset: 0.5, .refusedFull: 0.3, .connectReset: 0.15]
                : [.refusedFull: 0.6, .connectReset: 0.25, .refusedFast: 0.1]
        }
    }

    private static func lossy(_ contact: Contact) -> [ProbeOutcome: Double] {
        guard contact.isBulk, !contact.isPast else {
            return [.slowLossy: 0.78, .ok: 0.12, .lateConnect: 0.04, .slowShaped: 0.04]
        }
        let heavy = RandomLoss.heavy(contact)
        return [
            .slowLossy: 0.9 * heavy, .ok: 0.75 * (1 - heavy), .slowShaped: 0.2 * (1 - heavy), .lateConnect: 0.04,
            // Timeouts double, so that a few losses in a row of the same segment look like a stall.
            .midStallAtReceiver: 0.02, .midStall: 0.02,
        ]
    }
}
