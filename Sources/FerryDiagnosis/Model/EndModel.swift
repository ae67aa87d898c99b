internal import FerryEvidence

/// Who ends a connection, and what that looks like.
enum EndModel {
    /// Faults that speak in the service's name from somewhere on the way.
    private static let inPath: Set<Cause> = [
        .firewallReject, .antiAbuseBlock, .sourceAddressBlock, .synRateLimit, .byteQuota, .lifetimeKill, .payloadReset,
        .idleTimeout, .loadBalancer, .forgedClose, .synProxyDeadBackend, .carrierPortBlock, .transparentProxy,
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
        typealias Table = LikelihoodTable.ServerEnd
        let acted = PassageModel.acted(hypothesis, contact, outcome, scene)
        let sends: Double
        switch hypothesis.cause {
        case let cause where byServer.contains(cause): sends = Table.byServer
        case .hostBan: sends = Table.hostBan[hypothesis.mechanism == .reset]
        case .securityGroup where hypothesis.locus == .service:
            sends = Table.hostBan[hypothesis.mechanism == .reset]
        case .staleStagingAddress: sends = Table.staleStagingAddress
        case .synProxyDeadBackend: sends = Table.synProxyDeadBackend[hypothesis.mechanism == .reset]
        case let cause where inPath.contains(cause) || beside.contains(cause): sends = Table.onTheWay
        default: sends = Table.otherwise
        }
        let ends = acted * sends + (1 - acted) * Table.untouched
        switch end {
        case .reset, .close: return ends * Table.resetOrClose
        case .afterClient: return (1 - ends) * Table.afterClient
        case .nothing: return (1 - ends) * Table.nothing
        }
    }

    /// The probability that the end shows itself as forged: the peer goes on speaking, or sequence numbers are guessed.
    static func isForged(_ hypothesis: Hypothesis, _ contact: Contact, _ outcome: ProbeOutcome, _ scene: Scene)
        -> Double
    {
        typealias Table = LikelihoodTable.Forged
        let acted = PassageModel.acted(hypothesis, contact, outcome, scene)
        switch hypothesis.cause {
        case .payloadInjector: return Table.least + Table.payloadInjector * acted
        case .lanInjector: return Table.least + Table.lanInjector * acted
        case .forgedClose: return Table.least + Table.forgedClose * acted
        case .antiAbuseBlock where !outcome.isBeforeHandshake: return Table.least + Table.antiAbuseBlock * acted
        default: return Table.otherwise
        }
    }

    /// The probability that the closing packet has come as far as the peer's other packets.
    static func isAsFar(_ hypothesis: Hypothesis, _ contact: Contact, _ outcome: ProbeOutcome, _ scene: Scene) -> Double
    {
        typealias Table = LikelihoodTable.AsFar
        let acted = PassageModel.acted(hypothesis, contact, outcome, scene)
        let asFar: Double
        switch hypothesis.cause {
        case let cause where byServer.contains(cause): asFar = Table.byServer
        case .staleStagingAddress, .hostBan: asFar = Table.byHost
        case .securityGroup where hypothesis.locus == .service: asFar = Table.byHost
        case let cause where beside.contains(cause): asFar = Table.beside
        case let cause where inPath.contains(cause): asFar = Table.inPath
        default: asFar = Table.otherwise
        }
        return acted * asFar + (1 - acted) * Table.untouched
    }

    /// The probability of who sends an ICMP error.
    static func rejects(
        _ hypothesis: Hypothesis,
        _ contact: Contact,
        _ outcome: ProbeOutcome,
        _ rejecter: Finding.Rejecter,
        _ scene: Scene
    ) -> Double {
        typealias Table = LikelihoodTable.Rejecter
        let acted = PassageModel.acted(hypothesis, contact, outcome, scene)
        // A host refuses by a reset of its own; port unreachable is what firewalls say.
        if hypothesis.cause == .serviceNotListening {
            return acted * Table.byClosedPort + (1 - acted) * Table.untouched[rejecter]
        }
        let shares: LikelihoodTable.Shares<Finding.Rejecter>
        switch hypothesis.locus {
        case ..<Locus.carrier: shares = Table.bySource
        case .service: shares = Table.byHost
        case .cloudNetwork: shares = Table.beforeHost
        default: shares = Table.onTheWay
        }
        return acted * shares[rejecter] + (1 - acted) * Table.untouched[rejecter]
    }

    /// The probability of what an ICMP error says.
    static func says(
        _ hypothesis: Hypothesis,
        _ contact: Contact,
        _ outcome: ProbeOutcome,
        _ meaning: ICMPFacts.Meaning,
        _ scene: Scene
    ) -> Double {
        typealias Table = LikelihoodTable.ICMPSays
        let acted = PassageModel.acted(hypothesis, contact, outcome, scene)
        let isFilter = hypothesis.mechanism == .icmpReject && hypothesis.cause != .carrierBlackHole
        let shares = isFilter ? Table.byFilter : Table.byRouter
        return acted * shares[meaning] + (1 - acted) * Table.untouched
    }
}
