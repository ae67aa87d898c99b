internal import FerryEvidence

/// How far requests and their answers come.
enum PassageModel {
    private typealias Table = LikelihoodTable.Passage

    /// Faults that keep the requests that they act on from going further.
    private static let stopsRequests: Set<Cause> = [
        .sourceFirewall, .sourcePortsExhausted, .firewallDrop, .firewallReject, .firewallSessionLimit,
        .snatPortExhaustion,
        .carrierPortBlock, .carrierBlackHole, .badECMPMember, .destinationBlackHole, .antiAbuseBlock,
        .sourceAddressBlock, .synRateLimit, .securityGroup, .loadBalancer, .staleStagingAddress, .byteQuota,
        .payloadDrop,
    ]

    /// The probability that the fault acted on the connection, given what it came to.
    static func acted(_ hypothesis: Hypothesis, _ contact: Contact, _ outcome: ProbeOutcome, _ scene: Scene) -> Double {
        let bites = ContactModel.bites(hypothesis, contact, scene)
        guard bites > 0 else { return 0 }
        let with = FailureTable.distribution(hypothesis, contact)[outcome]
        let all = ContactModel.outcomes(hypothesis, contact, scene)[outcome]
        return min(1, bites * with / max(all, 1e-9))
    }

    /// The probability that the connection's request is seen by who watches at `position`.
    static func requestPasses(
        _ hypothesis: Hypothesis,
        _ contact: Contact,
        _ outcome: ProbeOutcome,
        to position: Site.Position,
        _ scene: Scene
    ) -> Double {
        let acted = acted(hypothesis, contact, outcome, scene)
        let sure = position == .sourceHost ? Table.sureOwn : Table.sure
        if hypothesis.cause == .synProxyDeadBackend {
            if PathModel.isPastProxy(contact, at: hypothesis.locus) { return sure }
            if position == .service { return 1 - Table.missingAtDeadBackend * acted }
            return isBehind(position, hypothesis) ? 1 - Table.missingBehindProxy * acted : sure
        }
        if hypothesis.cause == .transparentProxy, hypothesis.mechanism != .rewrite {
            return isBehind(position, hypothesis) ? 1 - Table.missingBehindProxy * acted : sure
        }
        if hypothesis.isBalancerAlone, position == .service { return passes(unless: acted, at: position) }
        // A name that leads elsewhere takes the request to another host.
        if hypothesis.cause == .dnsWrong, position == .service { return passes(unless: acted, at: position) }
        guard stopsRequests.contains(hypothesis.cause), !outcome.worked, isBehind(position, hypothesis) else {
            return sure
        }
        if !outcome.isBeforeHandshake { return Table.requestOfHandshake }
        // A host's own rules may be for what comes in; then its requests leave it.
        if hypothesis.cause == .sourceFirewall, outcome == .synTimeout {
            return passes(unless: acted * Table.ownRulesForWhatLeaves, at: position)
        }
        return passes(unless: acted, at: position)
    }

    private static func passes(unless acted: Double, at position: Site.Position) -> Double {
        // Nothing lies between a host and its own network interfaces.
        let (never, sure) = position == .sourceHost ? (Table.neverOwn, Table.sureOwn) : (Table.never, Table.sure)
        return never + (sure - never) * (1 - acted)
    }

    /// Whether a packet that is seen at `position` has passed the fault.
    private static func isBehind(_ position: Site.Position, _ hypothesis: Hypothesis) -> Bool {
        switch position {
        case .service: hypothesis.cause == .staleStagingAddress || hypothesis.locus < .service
        case .cloudNetwork: hypothesis.locus < .cloudNetwork
        case .sourceEgress: hypothesis.locus <= .sourceEgress && hypothesis.cause != .egressSaturation
        case .sourceHost: hypothesis.locus <= .sourceHost
        case .sourceLAN: hypothesis.locus <= .sourceHost
        case .sourceFirewall: hypothesis.locus < .sourceFirewall
        case .carrier: hypothesis.locus < .carrier
        case .cloudEdge: hypothesis.locus < .cloudEdge
        case .application, .transit, .otherPublic: false
        }
    }

    /// The probability that the answer to a request that was seen at `position` is seen there, too.
    static func answerPasses(
        _ hypothesis: Hypothesis,
        _ contact: Contact,
        _ outcome: ProbeOutcome,
        at position: Site.Position,
        _ scene: Scene
    ) -> Double {
        let acted = acted(hypothesis, contact, outcome, scene)
        // An answer that has come to who asked, and is not heard, was stopped by that host itself.
        if position == .sourceHost, outcome == .synTimeout {
            return hypothesis.cause == .sourceFirewall ? passes(unless: 1 - acted, at: position) : Table.neverOwn
        }
        let silent = unanswered(hypothesis, outcome, at: position)
        let isLost = outcome == .synTimeout && acted < Table.hardlyActed
        return Table.sure * (1 - acted * silent) * (isLost ? Table.answerOfTimeout : 1)
    }

    /// The probability that the fault, where it acted, left the request without an answer that is seen at `position`.
    private static func unanswered(_ hypothesis: Hypothesis, _ outcome: ProbeOutcome, at position: Site.Position)
        -> Double
    {
        typealias Table = LikelihoodTable.Unanswered
        switch hypothesis.cause {
        case .returnRouteMissing:
            return position == .service ? Table.returnRouteMissingAtService : Table.returnRouteMissing
        case .acceptQueueOverflow: return Table.acceptQueueOverflow
        case .hostBan, .concurrencyLimit, .serviceNotListening, .staleStagingAddress: return Table.byHost
        case .securityGroup where hypothesis.locus == .service: return Table.byHost
        case .asymmetricPath:
            return position == .sourceHost || position == .sourceLAN
                ? Table.asymmetricPathAtSource : Table.asymmetricPathElsewhere
        case .synProxyDeadBackend: return Table.synProxyDeadBackend
        case _ where stopsRequests.contains(hypothesis.cause):
            return isBehind(position, hypothesis) ? Table.behindTheStop : Table.beforeTheStop
        default: return outcome == .synTimeout ? Table.timeout : Table.otherwise
        }
    }
}
