extension FaultTable {
    /// What may be wrong with the carrier.
    static let ofCarrier: [Row] = [
        Row(
            .transparentProxy,
            at: [.carrier, .sourceEgress],
            by: [.rewrite],
            on: [[.destinationPort]],
            .askCarrier,
            0.5
        ),
        // One that takes every connection for what it understands, and leaves alone what it does not.
        Row(
            .transparentProxy,
            at: [.carrier, .sourceEgress],
            by: [.silence, .close, .reset],
            on: [[.destinationPort]],
            .askCarrier,
            0.6
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
        Row(.randomLoss, at: [.transit], by: [.loss], on: [[]], .askCarrier, 0.5),
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
            .carrierPortBlock,
            at: [.carrier],
            by: [.reset, .icmpReject],
            on: [[.destinationPort]],
            .askCarrier,
            0.6
        ),
        // Routers that know of no way, or send each other what they have got, say so.
        Row(
            .carrierBlackHole,
            at: [.carrier, .transit],
            by: [.icmpReject],
            on: [[], [.destinationAddress]],
            .askCarrier,
            0.6
        ),
        Row(.carrierBlackHole, at: [.transit], by: [.drop], on: [[]], .askCarrier, 0.7),
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
    ]
}
