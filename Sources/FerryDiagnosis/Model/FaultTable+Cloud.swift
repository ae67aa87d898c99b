extension FaultTable {
    /// What may be wrong with the cloud, in front of the staging server.
    static let ofCloud: [Row] = [
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
        // A whole region that is not reached.
        Row(.destinationBlackHole, at: [.cloudEdge], by: [.drop], on: [[]], .waitForExpiry, 0.7),
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
        // Some let the handshake pass, and nothing after it.
        Row(
            .antiAbuseBlock,
            at: [.cloudEdge],
            by: [.silence],
            on: [[.sourceAddress, .destinationPort]],
            armed: [.connectionRate, .offWire],
            kept: [.fixed, .renewedByHits],
            .askCloudToAllowlist,
            0.6
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
        // Firewalls of hosts say no more often than security groups do.
        Row(
            .securityGroup,
            at: [.cloudNetwork],
            by: [.icmpReject],
            on: [[.destinationPort], [], [.sourceAddress, .destinationPort]],
            .fixSecurityGroup,
            1
        ),
        // The staging server's own firewall: what watches there sees what it is about to stop.
        Row(
            .securityGroup,
            at: [.service],
            by: [.drop],
            on: [[.destinationPort], [.sourceAddress, .destinationPort]],
            .fixSecurityGroup,
            1
        ),
        Row(
            .securityGroup,
            at: [.service],
            by: [.icmpReject],
            on: [[.destinationPort], [.sourceAddress, .destinationPort]],
            .fixSecurityGroup,
            0.8
        ),
        Row(
            .securityGroup,
            at: [.service],
            by: [.reset],
            on: [[.destinationPort], [.sourceAddress, .destinationPort]],
            .fixSecurityGroup,
            0.2
        ),
        // Nobody is left behind it.
        Row(.loadBalancer, at: [.cloudNetwork], by: [.close, .reset], on: [[.destinationPort]], .fixLoadBalancer, 0.6),
        Row(
            .loadBalancer,
            at: [.cloudNetwork],
            by: [.drop, .reset],
            on: [[.sourcePort, .destinationPort]],
            .fixLoadBalancer,
            1
        ),
        // One of several members takes connections, and says nothing.
        Row(
            .loadBalancer,
            at: [.cloudNetwork],
            by: [.silence],
            on: [[.sourcePort, .destinationPort]],
            .fixLoadBalancer,
            0.3
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
    ]
}
