extension FaultTable {
    /// What may be wrong with the customer's firewall, address translation and line.
    static let ofEdge: [Row] = [
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
        // Rules about one server of the site.
        Row(
            .firewallDrop,
            at: [.sourceFirewall],
            by: [.drop],
            on: [
                [.sourceAddress, .destinationPort], [.sourceAddress, .destinationAddress, .destinationPort],
                [.sourceAddress],
            ],
            .fixSourceFirewall,
            1
        ),
        Row(
            .firewallReject,
            at: [.sourceFirewall],
            by: [.reset, .icmpReject],
            on: [[.sourceAddress, .destinationPort], [.sourceAddress]],
            .fixSourceFirewall,
            0.6
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
        Row(
            .tupleReuse,
            at: [.sourceEgress],
            by: [.drop, .reset],
            on: [[.sourcePort]],
            armed: [.connectionRate],
            kept: [.fixed],
            .addSNATAddresses,
            0.5
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
        // Tunnels that the site's own edge puts everything into.
        Row(.mtuBlackHole, at: [.sourceFirewall, .sourceEgress], by: [.drop], on: [[.size]], .clampMSS, 0.6),
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
    ]
}
