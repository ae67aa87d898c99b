internal import FerryEvidence

/// How far requests and their answers come.
enum PassageModel {
    private static let sure = 0.985
    private static let never = 0.015

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
        if hypothesis.cause == .synProxyDeadBackend {
            return position == .service ? 1 - 0.45 * acted : isBehind(position, hypothesis) ? 1 - 0.5 * acted : sure
        }
        guard stopsRequests.contains(hypothesis.cause), !outcome.worked, isBehind(position, hypothesis) else {
            return sure
        }
        // What lets the handshake pass and ends the connection then has let the request pass.
        if !outcome.isBeforeHandshake { return 0.9 }
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
        let silent: Double
        switch hypothesis.cause {
        case .returnRouteMissing: silent = position == .service ? 0.85 : 0.98
        case .acceptQueueOverflow: silent = 0.9
        case .hostBan, .concurrencyLimit, .serviceNotListening, .staleStagingAddress: silent = 0.97
        case .asymmetricPath: silent = position == .sourceHost || position == .sourceLAN ? 0.98 : 0.02
        case .synProxyDeadBackend: silent = 0.6
        // Whatever stops requests beyond has let nothing come back.
        case _ where stopsRequests.contains(hypothesis.cause): silent = isBehind(position, hypothesis) ? 0.03 : 0.97
        default: silent = outcome == .synTimeout ? 0.3 : 0.02
        }
        return sure * (1 - acted * silent) * (outcome == .synTimeout && acted < 0.1 ? 0.5 : 1)
    }
}
