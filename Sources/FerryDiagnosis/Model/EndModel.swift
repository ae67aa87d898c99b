internal import FerryEvidence

/// Who ends a connection, and what that looks like.
enum EndModel {
    /// Faults that speak in the service's name from somewhere on the way.
    private static let inPath: Set<Cause> = [
        .firewallReject, .antiAbuseBlock, .sourceAddressBlock, .synRateLimit, .byteQuota, .lifetimeKill, .payloadReset,
        .idleTimeout, .loadBalancer, .forgedClose, .synProxyDeadBackend,
    ]
    /// Faults that add packets beside the path.
    private static let beside: Set<Cause> = [.payloadInjector, .lanInjector]
    private static let byServer: Set<Cause> = [
        .serviceNotListening, .serviceRefuses, .applicationTimeout, .concurrencyLimit, .notNetwork,
    ]

    /// The probability of what the server's own end sent.
    static func serverEnds(
        _ hypothesis: Hypothesis,
        _ contact: Contact,
        _ outcome: ProbeOutcome,
        _ end: Finding.ServerEnd,
        _ scene: Scene
    ) -> Double {
        let acted = PassageModel.acted(hypothesis, contact, outcome, scene)
        let sends: Double
        switch hypothesis.cause {
        case let cause where byServer.contains(cause): sends = 0.97
        // It answers port unreachable by ICMP, or drops.
        case .hostBan: sends = hypothesis.mechanism == .reset ? 0.95 : 0.03
        case .staleStagingAddress: sends = 0.05
        // A closed port behind a proxy resets the proxy's request.
        case .synProxyDeadBackend: sends = hypothesis.mechanism == .reset ? 0.6 : 0.1
        case let cause where inPath.contains(cause) || beside.contains(cause): sends = 0.02
        default: sends = 0.3
        }
        let ends = acted * sends + (1 - acted) * 0.4
        switch end {
        case .reset, .close: return ends * 0.5
        case .afterClient: return (1 - ends) * 0.3
        case .nothing: return (1 - ends) * 0.7
        }
    }

    /// The probability that the end shows itself as forged: the peer goes on speaking, or sequence numbers are guessed.
    static func isForged(_ hypothesis: Hypothesis, _ contact: Contact, _ outcome: ProbeOutcome, _ scene: Scene)
        -> Double
    {
        let acted = PassageModel.acted(hypothesis, contact, outcome, scene)
        switch hypothesis.cause {
        case .payloadInjector: return 0.02 + 0.75 * acted
        case .lanInjector: return 0.02 + 0.7 * acted
        case .forgedClose: return 0.02 + 0.4 * acted
        case .antiAbuseBlock where !outcome.isBeforeHandshake: return 0.02 + 0.15 * acted
        default: return 0.012
        }
    }

    /// The probability that the closing packet has come as far as the peer's other packets.
    static func isAsFar(_ hypothesis: Hypothesis, _ contact: Contact, _ outcome: ProbeOutcome, _ scene: Scene) -> Double
    {
        let acted = PassageModel.acted(hypothesis, contact, outcome, scene)
        let asFar: Double
        switch hypothesis.cause {
        case let cause where byServer.contains(cause): asFar = 0.97
        case .staleStagingAddress, .hostBan: asFar = 0.9
        // Those that copy it exist; devices in the path use their own.
        case let cause where beside.contains(cause): asFar = 0.4
        case let cause where inPath.contains(cause): asFar = 0.45
        default: asFar = 0.8
        }
        return acted * asFar + (1 - acted) * 0.85
    }
}
