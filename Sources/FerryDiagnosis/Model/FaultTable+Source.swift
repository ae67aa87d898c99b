extension FaultTable {
    /// What may be wrong with the source server and its network.
    static let ofSource: [Row] = [
        Row(
            .sourceFirewall,
            at: [.sourceHost],
            by: [.drop, .reset, .icmpReject],
            on: [[.destinationPort], [.destinationAddress, .destinationPort], [.destinationAddress]],
            .fixSourceHost,
            2
        ),
        // Nothing leaves it.
        Row(.sourceFirewall, at: [.sourceHost], by: [.drop, .icmpReject], on: [[]], .fixSourceHost, 0.8),
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
        // The server's own table of names, or the resolver of its network.
        Row(
            .dnsWrong,
            at: [.sourceHost, .sourceLAN],
            by: [.reset, .drop],
            on: [[.destinationAddress]],
            .fixDNS,
            1.5
        ),
        // The name leads nowhere.
        Row(.dnsWrong, at: [.sourceHost, .sourceLAN], by: [.none], on: [[.destinationAddress]], .fixDNS, 0.3),
        // Large frames that the server may send, and its switch does not take.
        Row(.mtuBlackHole, at: [.sourceHost, .sourceLAN], by: [.drop], on: [[.size]], .clampMSS, 0.4),
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
    ]
}
