internal import FerryEvidence

/// What a connection comes to when a fault acts on it.
enum FailureTable {
    private typealias Table = LikelihoodTable.Failure

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
    ) -> LikelihoodTable.Outcomes {
        var outcomes = outcomesIfHeard(cause, locus, mechanism, trigger, contact)
        if contact.takesSilenceForAnAnswer, let silence = outcomes.removeValue(forKey: .connectSilence) {
            outcomes[.ok, default: 0] += silence
        }
        return outcomes
    }

    /// The same of a service that is known to say something.
    private static func outcomesIfHeard(
        _ cause: Cause,
        _ locus: Locus,
        _ mechanism: Mechanism,
        _ trigger: Trigger,
        _ contact: Contact
    ) -> LikelihoodTable.Outcomes {
        switch cause {
        case .none, .unmodelled: Table.unharmed
        case .dnsWrong: mechanism == .none ? Table.nameLeadsNowhere : Table.dnsWrong[mechanism]
        case .tupleReuse: Table.tupleReuse[mechanism]
        case .sourcePortsExhausted: Table.sourcePortsExhausted
        case .sourceFirewall: Table.sourceFirewall[mechanism]
        case .firewallReject: Table.firewallReject[mechanism]
        case .hostBan: Table.hostBan[mechanism]
        case .firewallDrop, .firewallSessionLimit, .snatPortExhaustion, .asymmetricPath,
            .returnRouteMissing, .badECMPMember:
            Table.vanished
        case .carrierPortBlock: Table.carrierPortBlock[mechanism]
        case .carrierBlackHole: Table.carrierBlackHole[mechanism]
        case .destinationBlackHole: Table.destinationBlackHole
        case .acceptQueueOverflow: Table.acceptQueueOverflow
        case .antiAbuseBlock, .sourceAddressBlock, .synRateLimit:
            (trigger == .bytes && contact.isBulk ? Table.blockOfContent : Table.block)[mechanism]
        case .concurrencyLimit: Table.concurrencyLimit[mechanism]
        case .serviceNotListening: Table.serviceNotListening
        case .staleStagingAddress: Table.staleStagingAddress[mechanism]
        case .securityGroup: Table.securityGroup[mechanism]
        case .serviceRefuses: trigger == .standing ? Table.serviceRefuses[mechanism] : Table.serviceSaysNo
        case .notNetwork: Table.notNetwork
        case .synProxyDeadBackend:
            PathModel.isPastProxy(contact, at: locus) ? Table.deadBackend : Table.synProxyDeadBackend[mechanism]
        case .forgedClose: Table.forgedClose[mechanism]
        case .loadBalancer: (trigger == .idle ? Table.loadBalancerIdle : Table.loadBalancer)[mechanism]
        case .idleTimeout: Table.idleTimeout[mechanism]
        case .applicationTimeout: Table.applicationTimeout
        case .lanInjector, .payloadInjector, .payloadReset: Table.contentReset
        case .payloadDrop: contact.content == .real ? Table.payloadDrop : Table.payloadDropElsewhere
        case .mtuBlackHole: Table.mtuBlackHole
        case .byteQuota: Table.byteQuota[mechanism]
        case .lifetimeKill: Table.lifetimeKill
        case .receiverStalled: Table.receiverStalled
        case .egressAddressFlap: Table.egressAddressFlap
        case .transparentProxy: Table.transparentProxy[mechanism]
        case .sourceSlow: Table.unnoticed
        case .egressSaturation: contact.isBulk ? Table.egressSaturationOfBulk : Table.egressSaturation
        case .policer: Table.policer
        case .shaper: Table.shaper
        case .randomLoss, .lanLoss:
            contact.isBulk && !contact.isPast
                ? Table.randomLossOfBulk(RandomLoss.heavy(contact)) : Table.randomLoss
        case .reordering: Table.reordering
        case .scrubbingCap: Table.scrubbingCap
        case .windowScaleStripped: Table.windowScaleStripped
        case .sackStripped: Table.sackStripped
        case .ecnSYNDrop, .firstSYNDrop: Table.firstRequestLost
        case .synChallenge: Table.synChallenge
        }
    }
}
