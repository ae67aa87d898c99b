/// What hosts, providers and monitors tell.
enum HostModel {
    private typealias Table = LikelihoodTable.Host

    static func likelihood(_ finding: Finding, _ hypothesis: Hypothesis) -> Double {
        func flag(_ isSo: Bool, _ p: Double) -> Double { FindingModel.flag(isSo, p) }
        let cause = hypothesis.cause
        switch finding {
        case .listens(let value):
            switch cause {
            case .serviceNotListening: return flag(value, Table.Listens.serviceNotListening)
            case .synProxyDeadBackend: return flag(value, Table.Listens.synProxyDeadBackend)
            case .staleStagingAddress: return flag(value, Table.Listens.staleStagingAddress)
            case .acceptQueueOverflow, .serviceRefuses, .concurrencyLimit, .receiverStalled, .applicationTimeout:
                return flag(value, Table.Listens.ofService)
            default: return flag(value, Table.Listens.otherwise)
            }
        case .queueOverflows(let value):
            switch cause {
            case .acceptQueueOverflow: return flag(value, Table.QueueOverflows.acceptQueueOverflow)
            case .synProxyDeadBackend: return flag(value, Table.QueueOverflows.synProxyDeadBackend)
            default: return flag(value, Table.QueueOverflows.otherwise)
            }
        case .hasRouteBack(let value): return flag(value, Table.hasRouteBack[cause == .returnRouteMissing])
        case .leavesUnread(let value): return flag(value, Table.leavesUnread[cause == .receiverStalled])
        case .portsAreExhausted(let value):
            return flag(value, Table.portsAreExhausted[cause == .sourcePortsExhausted])
        case .offersECN(let value): return flag(value, Table.offersECN[cause == .ecnSYNDrop])
        case .ownsSuspectAddress(let value):
            return flag(value, Table.ownsSuspectAddress[[.staleStagingAddress, .dnsWrong].contains(cause)])
        case .name(let name): return self.name(name, cause)
        case .addressChanges(let value): return flag(value, Table.addressChanges[cause == .egressAddressFlap])
        case .uplinkIsFull(let value):
            return flag(value, Table.uplinkIsFull[FindingModel.anyCause(hypothesis, .egressSaturation)])
        case .controlsDisagree(let value):
            switch cause {
            case .badECMPMember: return flag(value, Table.ControlsDisagree.badECMPMember)
            case .randomLoss, .lanLoss, .egressAddressFlap, .scrubbingCap:
                return flag(value, Table.ControlsDisagree.lossy)
            default: return flag(value, Table.ControlsDisagree.otherwise)
            }
        case .nothingHasFailed(let value):
            switch cause {
            case .none:
                return flag(
                    value,
                    hypothesis.trigger == .unknown ? Table.NothingHasFailed.outage : Table.NothingHasFailed.healthy
                )
            case .sourceSlow, .egressSaturation, .policer, .shaper, .randomLoss, .lanLoss, .reordering, .firstSYNDrop,
                .synChallenge, .ecnSYNDrop, .transparentProxy, .windowScaleStripped, .sackStripped, .scrubbingCap:
                return flag(value, Table.NothingHasFailed.slow)
            default: return flag(value, Table.NothingHasFailed.otherwise)
            }
        case .providerRecord(let record): return provider(record, hypothesis)
        case .isAllowlisted:
            let isBlock = [.antiAbuseBlock, .sourceAddressBlock].contains { FindingModel.anyCause(hypothesis, $0) }
            return isBlock ? LikelihoodTable.Provider.blockedThoughAllowlisted : 1
        case .onset(let onset): return self.onset(onset, hypothesis)
        default: return 1
        }
    }

    private static func name(_ name: Finding.NameFinding, _ cause: Cause) -> Double {
        typealias Table = LikelihoodTable.Name
        switch (name, cause) {
        case (.leadsElsewhere, .dnsWrong): return Table.Elsewhere.dnsWrong
        case (.leadsElsewhere, .staleStagingAddress): return Table.Elsewhere.staleStagingAddress
        case (.leadsElsewhere, _): return Table.Elsewhere.otherwise
        case (.leadsTheSameWay, .dnsWrong): return Table.TheSameWay.dnsWrong
        case (.leadsTheSameWay, .staleStagingAddress): return Table.TheSameWay.staleStagingAddress
        case (.leadsTheSameWay, _): return Table.TheSameWay.otherwise
        case (.leadsNowhere, _): return Table.nowhere[cause == .dnsWrong]
        }
    }

    /// What providers keep records of.
    private static let recorded: Set<Cause> = [
        .antiAbuseBlock, .sourceAddressBlock, .scrubbingCap, .destinationBlackHole,
    ]

    private static func provider(_ record: Finding.ProviderFinding, _ hypothesis: Hypothesis) -> Double {
        typealias Table = LikelihoodTable.Provider
        let cause = hypothesis.cause
        switch record {
        case .blocksKey:
            switch cause {
            case .antiAbuseBlock: return Table.BlocksKey.antiAbuseBlock
            case .byteQuota: return Table.BlocksKey.byteQuota
            default: return Table.BlocksKey.otherwise
            }
        case .blocksSource:
            switch cause {
            case .sourceAddressBlock: return Table.BlocksSource.sourceAddressBlock
            case .antiAbuseBlock: return Table.BlocksSource.antiAbuseBlock
            default: return Table.BlocksSource.otherwise
            }
        case .blocksSomebody: return Table.blocksSomebody[[.antiAbuseBlock, .sourceAddressBlock].contains(cause)]
        case .scrubs: return Table.scrubs[cause == .scrubbingCap]
        case .blackHole: return Table.blackHole[cause == .destinationBlackHole]
        case .nothing: return Table.nothing[recorded.contains(cause)]
        case .nothingKnown, .outdated: return Table.nothingKnown[recorded.contains(cause)]
        }
    }

    private static func onset(_ onset: Finding.Onset, _ hypothesis: Hypothesis) -> Double {
        typealias Table = LikelihoodTable.Onset
        switch hypothesis.trigger {
        case .connectionRate:
            return hypothesis.memory == .none
                ? Table.connectionRate[onset] : Table.rememberedConnectionRate[onset]
        case .bytes: return Table.bytes[onset]
        case .concurrency: return Table.concurrency[onset]
        case .offWire: return Table.offWire[onset]
        default: return Table.otherwise[onset]
        }
    }
}
