extension FaultTable {
    /// What may be wrong with the staging server, or with the program.
    static let ofStaging: [Row] = [
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
        // Bans of one port are usual for logins, and few services of a move are watched by such a program.
        Row(
            .hostBan,
            at: [.service],
            by: [.icmpReject, .drop, .reset],
            on: [[.sourceAddress, .destinationPort]],
            armed: [.connectionRate],
            kept: [.fixed],
            .tuneService,
            0.4
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
        Row(.serviceNotListening, at: [.service], by: [.reset], on: [[.destinationPort]], .startService, 4),
        Row(.acceptQueueOverflow, at: [.service], by: [.drop], on: [[.destinationPort]], .tuneService, 1.5),
        Row(
            .serviceRefuses,
            at: [.service],
            by: [.close],
            on: [[.destinationPort]],
            armed: [.concurrency, .unknown],
            kept: [.none],
            .tuneService,
            2
        ),
        Row(.serviceRefuses, at: [.service], by: [.reset, .close], on: [[.destinationPort]], .tuneService, 1.5),
        // It hangs: the kernel takes the connection, and nobody speaks.
        Row(.serviceRefuses, at: [.service], by: [.silence], on: [[.destinationPort]], .startService, 1),
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
    ]
}
