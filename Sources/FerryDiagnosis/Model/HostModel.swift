/// What hosts, providers and monitors tell.
enum HostModel {
    static func likelihood(_ finding: Finding, _ hypothesis: Hypothesis) -> Double {
        func flag(_ isSo: Bool, _ p: Double) -> Double { FindingModel.flag(isSo, p) }
        let cause = hypothesis.cause
        switch finding {
        case .listens(let value):
            switch cause {
            case .serviceNotListening: return flag(value, 0.02)
            case .synProxyDeadBackend: return flag(value, 0.7)
            case .staleStagingAddress: return flag(value, 0.9)
            default: return flag(value, 0.99)
            }
        case .queueOverflows(let value):
            // Behind a proxy the backend may be dead in this way, too.
            return flag(value, cause == .acceptQueueOverflow ? 0.95 : cause == .synProxyDeadBackend ? 0.6 : 0.015)
        case .hasRouteBack(let value): return flag(value, cause == .returnRouteMissing ? 0.08 : 0.995)
        case .leavesUnread(let value): return flag(value, cause == .receiverStalled ? 0.85 : 0.02)
        case .portsAreExhausted(let value): return flag(value, cause == .sourcePortsExhausted ? 0.9 : 0.01)
        case .offersECN(let value): return flag(value, cause == .ecnSYNDrop ? 0.99 : 0.15)
        case .ownsSuspectAddress(let value):
            return flag(value, [.staleStagingAddress, .dnsWrong].contains(cause) ? 0.1 : 0.995)
        case .name(let name): return self.name(name, cause)
        case .addressChanges(let value): return flag(value, cause == .egressAddressFlap ? 0.9 : 0.01)
        case .uplinkIsFull(let value):
            return flag(value, FindingModel.anyCause(hypothesis, .egressSaturation) ? 0.9 : 0.1)
        case .controlsDisagree(let value):
            switch cause {
            // Each connection has a local port of its own.
            case .badECMPMember: return flag(value, 0.4)
            case .randomLoss, .lanLoss, .egressAddressFlap, .scrubbingCap: return flag(value, 0.06)
            default: return flag(value, 0.01)
            }
        case .nothingHasFailed(let value):
            switch cause {
            case .none: return flag(value, hypothesis.trigger == .unknown ? 0.02 : 0.95)
            // What makes slow or late fails nothing.
            case .sourceSlow, .egressSaturation, .policer, .shaper, .randomLoss, .lanLoss, .reordering, .firstSYNDrop,
                .synChallenge, .ecnSYNDrop, .transparentProxy, .windowScaleStripped, .sackStripped, .scrubbingCap:
                return flag(value, 0.8)
            default: return flag(value, 0.06)
            }
        case .providerRecord(let record): return provider(record, hypothesis)
        case .onset(let onset): return self.onset(onset, hypothesis)
        default: return 1
        }
    }

    /// Names with several addresses, and those that are answered otherwise inside than outside, differ without anything being
    /// wrong.
    private static func name(_ name: Finding.NameFinding, _ cause: Cause) -> Double {
        switch name {
        case .leadsElsewhere: cause == .dnsWrong ? 0.8 : cause == .staleStagingAddress ? 0.3 : 0.05
        case .leadsTheSameWay: cause == .dnsWrong ? 0.15 : cause == .staleStagingAddress ? 0.69 : 0.945
        case .leadsNowhere: cause == .dnsWrong ? 0.5 : 0.005
        }
    }

    /// A record is strong and no proof: it may be about another flow of the same key.
    private static func provider(_ record: Finding.ProviderFinding, _ hypothesis: Hypothesis) -> Double {
        let isBlock = hypothesis.cause == .antiAbuseBlock
        switch record {
        case .blocksKey: return isBlock ? 0.8 : hypothesis.cause == .byteQuota ? 0.01 : 0.002
        case .blocksSource: return hypothesis.cause == .sourceAddressBlock ? 0.7 : isBlock ? 0.05 : 0.002
        // Most sites have others' blocks in their account now and then.
        case .blocksSomebody: return isBlock || hypothesis.cause == .sourceAddressBlock ? 0.5 : 0.1
        case .scrubs: return hypothesis.cause == .scrubbingCap ? 0.8 : 0.004
        case .blackHole: return hypothesis.cause == .destinationBlackHole ? 0.8 : 0.003
        case .nothing:
            return isBlock || [.sourceAddressBlock, .scrubbingCap, .destinationBlackHole].contains(hypothesis.cause)
                ? 0.05 : 0.98
        case .nothingKnown:
            return isBlock || [.sourceAddressBlock, .scrubbingCap, .destinationBlackHole].contains(hypothesis.cause)
                ? 0.4 : 0.98
        }
    }

    /// A fault that traffic arms begins after traffic; any other one begins when it likes.
    private static func onset(_ onset: Finding.Onset, _ hypothesis: Hypothesis) -> Double {
        switch (onset, hypothesis.trigger) {
        case (.burst, .connectionRate): return 0.85
        case (.volume, .connectionRate): return 0.05
        case (.quiet, .connectionRate): return hypothesis.memory == .none ? 0.15 : 0.06
        case (.volume, .bytes): return 0.85
        case (.burst, .bytes): return 0.05
        case (.quiet, .bytes): return 0.1
        case (.burst, .concurrency): return 0.3
        case (.volume, .concurrency): return 0.1
        case (.quiet, .concurrency): return 0.6
        case (.burst, .offWire), (.volume, .offWire): return 0.1
        case (.quiet, .offWire): return 0.8
        case (.burst, _): return 0.07
        case (.volume, _): return 0.15
        case (.quiet, _): return 0.78
        }
    }
}
