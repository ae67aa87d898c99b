/// Which combinations of cause, place, mechanism, selector, trigger and memory are possible, and how likely before anything
/// is known.
///
/// The rows follow the fault taxonomy of docs/design/0004-diagnosis-model.md; a row's weight is its share of bulk migration
/// failures, in arbitrary units, and is divided evenly among its combinations. A weight says which of two is more likely only
/// as long as nothing was measured; none decides a verdict.
enum FaultTable {
    struct Row {
        var cause: Cause
        var loci: [Locus]
        var mechanisms: [Mechanism]
        var selectors: [Selector]
        var triggers: [Trigger]
        var memories: [MemoryKind]
        var remedy: Remedy
        var weight: Double

        init(
            _ cause: Cause,
            at loci: [Locus],
            by mechanisms: [Mechanism],
            on selectors: [Selector],
            armed triggers: [Trigger] = [.standing],
            kept memories: [MemoryKind] = [.untilLifted],
            _ remedy: Remedy,
            _ weight: Double
        ) {
            self.cause = cause
            self.loci = loci
            self.mechanisms = mechanisms
            self.selectors = selectors
            self.triggers = triggers
            self.memories = memories
            self.remedy = remedy
            self.weight = weight
        }
    }

    static let rows: [Row] = [
        Row(.none, at: [.application], by: [.none], on: [[]], armed: [.standing], kept: [.none], .none, 12),
        // Something that was, and is over.
        Row(.none, at: [.application], by: [.none], on: [[]], armed: [.unknown], kept: [.none], .none, 4),

        // The source server and its network.
        Row(
            .sourceFirewall,
            at: [.sourceHost],
            by: [.drop, .reset, .icmpReject],
            on: [[.destinationPort], [.destinationAddress, .destinationPort], [.destinationAddress]],
            .fixSourceHost,
            2
        ),
        Row(
            .sourcePortsExhausted,
            at: [.sourceHost],
            by: [.none],
            on: [[.sourceAddress, .destinationAddress, .destinationPort]],
            armed: [.concurrency],
            kept: [.none],
            .reduceConnections,
            1
        ),
        Row(
            .sourceSlow,
            at: [.sourceHost],
            by: [.rate],
            on: [[]],
            armed: [.standing],
            kept: [.none],
            .fixSourceHost,
            0.4
        ),
        Row(.lanLoss, at: [.sourceLAN], by: [.loss], on: [[]], .fixLAN, 1.5),
        Row(
            .lanInjector,
            at: [.sourceLAN],
            by: [.reset],
            on: [[.payload]],
            armed: [.content],
            kept: [.none],
            .bypassMiddlebox,
            1
        ),

        // The customer's firewall and edge.
        Row(
            .firewallDrop,
            at: [.sourceFirewall],
            by: [.drop],
            on: [[.destinationPort], [.destinationAddress, .destinationPort], [.destinationAddress], []],
            .fixSourceFirewall,
            4
        ),
        Row(
            .firewallReject,
            at: [.sourceFirewall],
            by: [.reset, .icmpReject],
            on: [[.destinationPort], [.destinationAddress, .destinationPort], []],
            .fixSourceFirewall,
            2
        ),
        Row(
            .firewallSessionLimit,
            at: [.sourceFirewall],
            by: [.drop],
            on: [[.sourceAddress]],
            armed: [.concurrency],
            kept: [.none],
            .reduceConnections,
            1.5
        ),
        Row(
            .idleTimeout,
            at: [.sourceFirewall, .sourceEgress],
            by: [.drop, .reset],
            on: [[]],
            armed: [.idle],
            kept: [.none],
            .sendKeepalives,
            3
        ),
        Row(
            .snatPortExhaustion,
            at: [.sourceEgress],
            by: [.drop],
            on: [[.sourceAddress, .destinationAddress, .destinationPort]],
            armed: [.concurrency],
            kept: [.none],
            .addSNATAddresses,
            3
        ),
        Row(.egressAddressFlap, at: [.sourceEgress], by: [.rewrite], on: [[.sourceAddress]], .pinEgressAddress, 1),
        Row(
            .egressSaturation,
            at: [.sourceEgress],
            by: [.delay],
            on: [[]],
            armed: [.aggregateRate],
            kept: [.none],
            .reduceRate,
            4
        ),
        Row(
            .asymmetricPath,
            at: [.sourceFirewall],
            by: [.drop],
            on: [[]],
            .fixRoute,
            1
        ),
        Row(
            .synProxyDeadBackend,
            at: [.sourceEgress, .cloudEdge],
            by: [.silence, .reset, .close],
            on: [[.destinationPort]],
            .startService,
            2
        ),

        // The carrier.
        Row(
            .transparentProxy,
            at: [.carrier, .sourceEgress],
            by: [.rewrite],
            on: [[.destinationPort]],
            .askCarrier,
            0.5
        ),
        Row(
            .policer,
            at: [.carrier],
            by: [.loss],
            on: [[], [.destinationPort]],
            armed: [.aggregateRate],
            kept: [.none],
            .reduceRate,
            2
        ),
        Row(.shaper, at: [.carrier], by: [.rate], on: [[]], armed: [.aggregateRate], kept: [.none], .reduceRate, 2),
        Row(.randomLoss, at: [.carrier], by: [.loss], on: [[]], .askCarrier, 3),
        Row(.reordering, at: [.carrier], by: [.delay], on: [[]], .askCarrier, 1),
        Row(.badECMPMember, at: [.carrier], by: [.drop], on: [[.sourcePort]], .askCarrier, 1),
        Row(.mtuBlackHole, at: [.carrier], by: [.drop], on: [[.size]], .clampMSS, 2),
        Row(.windowScaleStripped, at: [.carrier], by: [.rewrite], on: [[.options]], .disableTCPOption, 0.7),
        Row(.sackStripped, at: [.carrier], by: [.rewrite], on: [[.options]], .disableTCPOption, 0.5),
        Row(.ecnSYNDrop, at: [.carrier], by: [.drop], on: [[.options]], .disableTCPOption, 0.7),
        Row(
            .carrierPortBlock,
            at: [.carrier],
            by: [.drop],
            on: [[.destinationPort]],
            .askCarrier,
            2
        ),
        Row(
            .carrierBlackHole,
            at: [.carrier],
            by: [.drop],
            on: [[]],
            .askCarrier,
            2
        ),
        Row(
            .payloadInjector,
            at: [.carrier],
            by: [.reset],
            on: [[.payload]],
            armed: [.content],
            kept: [.none],
            .askCarrier,
            1
        ),
        Row(
            .payloadReset,
            at: [.carrier],
            by: [.reset],
            on: [[.payload]],
            armed: [.content],
            kept: [.none],
            .askCarrier,
            1
        ),
        Row(
            .payloadDrop,
            at: [.carrier],
            by: [.drop],
            on: [[.payload]],
            armed: [.content],
            kept: [.none, .fixed],
            .askCarrier,
            1
        ),

        // The cloud.
        Row(
            .forgedClose,
            at: [.cloudEdge, .sourceEgress],
            by: [.close, .reset],
            on: [[.destinationPort]],
            .bypassMiddlebox,
            1
        ),
        Row(
            .firstSYNDrop,
            at: [.cloudEdge],
            by: [.drop],
            on: [[.sourceAddress]],
            armed: [.standing],
            kept: [.fixed],
            .none,
            1
        ),
        Row(
            .synChallenge,
            at: [.cloudEdge],
            by: [.reset],
            on: [[.sourceAddress]],
            armed: [.standing],
            kept: [.fixed],
            .none,
            0.7
        ),
        Row(
            .scrubbingCap,
            at: [.cloudEdge],
            by: [.rate],
            on: [[.destinationAddress]],
            armed: [.aggregateRate],
            kept: [.fixed],
            .raiseScrubbingThreshold,
            2
        ),
        Row(
            .destinationBlackHole,
            at: [.cloudEdge],
            by: [.drop],
            on: [[.destinationAddress]],
            armed: [.standing],
            kept: [.fixed],
            .waitForExpiry,
            1.5
        ),
        Row(
            .antiAbuseBlock,
            at: [.cloudEdge],
            by: [.drop, .reset, .close],
            on: [[.sourceAddress, .destinationPort], [.sourceAddress, .destinationAddress, .destinationPort]],
            armed: [.connectionRate, .bytes, .offWire],
            kept: [.fixed, .renewedByHits],
            .askCloudToAllowlist,
            6
        ),
        Row(
            .sourceAddressBlock,
            at: [.cloudEdge],
            by: [.drop, .reset],
            on: [[.sourceAddress]],
            armed: [.standing, .connectionRate],
            kept: [.untilLifted, .fixed],
            .askCloudToAllowlist,
            2
        ),
        // Limits drop what is too much; few answer it.
        Row(
            .synRateLimit,
            at: [.cloudEdge],
            by: [.drop],
            on: [[.sourceAddress, .destinationPort]],
            armed: [.connectionRate],
            kept: [.none],
            .reduceConnections,
            1.2
        ),
        Row(
            .synRateLimit,
            at: [.cloudEdge],
            by: [.reset],
            on: [[.sourceAddress, .destinationPort]],
            armed: [.connectionRate],
            kept: [.none],
            .reduceConnections,
            0.06
        ),
        Row(
            .byteQuota,
            at: [.cloudEdge],
            by: [.reset],
            on: [[.destinationPort]],
            armed: [.bytes],
            kept: [.none],
            .askCloudToAllowlist,
            0.7
        ),
        Row(
            .byteQuota,
            at: [.cloudEdge],
            by: [.drop],
            on: [[.sourceAddress, .destinationPort]],
            armed: [.bytes],
            kept: [.untilLifted],
            .askCloudToAllowlist,
            0.7
        ),
        Row(
            .lifetimeKill,
            at: [.cloudEdge],
            by: [.reset],
            on: [[]],
            armed: [.age],
            kept: [.none],
            .askCloudToAllowlist,
            0.7
        ),
        Row(
            .securityGroup,
            at: [.cloudNetwork],
            by: [.drop],
            on: [[.destinationPort], [], [.sourceAddress, .destinationPort]],
            .fixSecurityGroup,
            3
        ),
        Row(
            .loadBalancer,
            at: [.cloudNetwork],
            by: [.drop, .reset],
            on: [[.sourcePort, .destinationPort]],
            .fixLoadBalancer,
            1
        ),
        Row(
            .loadBalancer,
            at: [.cloudNetwork],
            by: [.drop, .reset],
            on: [[.destinationPort]],
            armed: [.idle],
            kept: [.none],
            .sendKeepalives,
            1
        ),

        // The staging server.
        Row(
            .returnRouteMissing,
            at: [.service],
            by: [.drop],
            on: [[]],
            .fixRoute,
            1
        ),
        Row(
            .hostBan,
            at: [.service],
            by: [.icmpReject, .drop, .reset],
            on: [[.sourceAddress]],
            armed: [.connectionRate],
            kept: [.fixed],
            .tuneService,
            2
        ),
        Row(
            .concurrencyLimit,
            at: [.service],
            by: [.reset, .drop],
            on: [[.sourceAddress, .destinationPort]],
            armed: [.concurrency],
            kept: [.none],
            .reduceConnections,
            1.5
        ),
        Row(.serviceNotListening, at: [.service], by: [.reset], on: [[.destinationPort]], .startService, 3),
        Row(.acceptQueueOverflow, at: [.service], by: [.drop], on: [[.destinationPort]], .tuneService, 1.5),
        Row(
            .serviceRefuses,
            at: [.service],
            by: [.close],
            on: [[.destinationPort]],
            armed: [.concurrency],
            kept: [.none],
            .tuneService,
            1.5
        ),
        Row(.serviceRefuses, at: [.service], by: [.reset, .close], on: [[.destinationPort]], .tuneService, 1.5),
        Row(.receiverStalled, at: [.service], by: [.silence], on: [[.destinationPort]], .fixStagingDisk, 2),
        Row(
            .applicationTimeout,
            at: [.service],
            by: [.close],
            on: [[.destinationPort]],
            armed: [.idle],
            kept: [.none],
            .tuneService,
            1.5
        ),
        Row(
            .staleStagingAddress,
            at: [.service],
            by: [.reset, .drop],
            on: [[.destinationAddress]],
            armed: [.offWire],
            kept: [.untilLifted],
            .refreshStagingAddress,
            1.5
        ),
        Row(
            .notNetwork,
            at: [.application],
            by: [.close],
            on: [[]],
            armed: [.failures],
            kept: [.untilLifted],
            .fixCredentialsOrClock,
            1
        ),

        Row(
            .unmodelled,
            at: [.application],
            by: [.none],
            on: [[]],
            armed: [.unknown],
            kept: [.unknown],
            .collectMoreEvidence,
            2.5
        ),
    ]

    /// Faults that make a connection slow or end it midway, and so may stand beside one that stops it.
    static let beside: Set<Cause> = [.egressSaturation, .policer, .randomLoss, .mtuBlackHole, .idleTimeout, .shaper]
    /// How much less likely two at once are than the first alone.
    static let pairWeight = 0.01

    /// Every hypothesis with its prior probability. The priors sum up to 1.
    static func hypotheses() -> [(Hypothesis, Double)] {
        var all: [(Hypothesis, Double)] = []
        for row in rows {
            let share =
                row.weight
                / Double(
                    row.loci.count * row.mechanisms.count * row.selectors.count * row.triggers.count
                        * row.memories.count
                )
            for locus in row.loci {
                for mechanism in row.mechanisms {
                    for selector in row.selectors {
                        for trigger in row.triggers {
                            for memory in row.memories {
                                all.append(
                                    (
                                        Hypothesis(
                                            cause: row.cause,
                                            locus: locus,
                                            mechanism: mechanism,
                                            selector: selector,
                                            trigger: trigger,
                                            memory: memory,
                                            remedy: row.remedy
                                        ), share
                                    )
                                )
                            }
                        }
                    }
                }
            }
        }
        all += pairs(all)
        let sum = all.reduce(0) { $0 + $1.1 }
        return all.map { ($0.0, $0.1 / sum) }
    }

    /// The pairs of which the first stops connections and the second makes what passes bad.
    private static func pairs(_ singles: [(Hypothesis, Double)]) -> [(Hypothesis, Double)] {
        let firsts: Set<Cause> = [.antiAbuseBlock, .snatPortExhaustion, .mtuBlackHole, .sackStripped]
        var pairs: [(Hypothesis, Double)] = []
        for (first, prior) in singles where firsts.contains(first.cause) {
            for (second, _) in singles where beside.contains(second.cause) && second.cause != first.cause {
                // What takes an option away only shows on a line that loses something.
                if first.cause == .sackStripped, second.cause != .randomLoss { continue }
                if first.cause == .mtuBlackHole, second.cause != .idleTimeout { continue }
                var pair = first
                pair.second = Hypothesis.Second(
                    cause: second.cause,
                    locus: second.locus,
                    mechanism: second.mechanism,
                    selector: second.selector,
                    trigger: second.trigger
                )
                let weight = first.cause == .sackStripped ? 0.5 : pairWeight
                pairs.append((pair, prior * weight))
            }
        }
        return pairs
    }
}
