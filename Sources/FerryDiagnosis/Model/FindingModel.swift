internal import FerryEvidence

/// How likely a finding is if a hypothesis is true.
enum FindingModel {
    static func likelihood(_ finding: Finding, _ hypothesis: Hypothesis, _ scene: Scene) -> Double {
        // What nobody knows may show anything.
        if hypothesis.cause == .unmodelled { return unmodelled(finding, scene) }
        switch finding {
        case .outcome(let contact, let outcome):
            return ContactModel.outcomes(hypothesis, contact, scene)[outcome]
        case .requestSeen(let contact, let outcome, let position, let seen):
            return flag(seen, PassageModel.requestPasses(hypothesis, contact, outcome, to: position, scene))
        case .answerSeen(let contact, let outcome, let position, let seen):
            return flag(seen, PassageModel.answerPasses(hypothesis, contact, outcome, at: position, scene))
        case .serverEnded(let contact, let outcome, let end):
            return EndModel.serverEnds(hypothesis, contact, outcome, end, scene)
        case .endIsForged(let contact, let outcome, let isForged):
            return flag(isForged, EndModel.isForged(hypothesis, contact, outcome, scene))
        case .endComesFromAsFar(let contact, let outcome, let isAsFar):
            return flag(isAsFar, EndModel.isAsFar(hypothesis, contact, outcome, scene))
        case .rejecter(let contact, let outcome, let rejecter):
            return EndModel.rejects(hypothesis, contact, outcome, rejecter, scene)
        case .icmpSays(let contact, let outcome, let meaning):
            return EndModel.says(hypothesis, contact, outcome, meaning, scene)
        case .speaksAnother(let contact):
            let isAstray = [.staleStagingAddress, .dnsWrong].contains(hypothesis.cause)
            let bites = isAstray ? ContactModel.bites(hypothesis, contact, scene) : 0
            return LikelihoodTable.Speech.another + LikelihoodTable.Speech.anotherOfStranger * bites
        case .refusalNamesLimit(let value):
            let isLimit = hypothesis.cause == .serviceRefuses && hypothesis.trigger == .concurrency
            return flag(value, LikelihoodTable.refusalNamesLimit[isLimit])
        case .handshakeIsShort(let contact, let isShort):
            return flag(isShort, HandshakeModel.isShort(hypothesis, contact, scene))
        case .isChallenged(let contact, let challenged):
            return flag(challenged, HandshakeModel.isChallenged(hypothesis, contact))
        case .onlyECNIsLost(_, let value):
            return flag(value, LikelihoodTable.Handshake.onlyECNIsLost[anyCause(hypothesis, .ecnSYNDrop)])
        case .lacksWindowScale(let contact, let value):
            return flag(value, HandshakeModel.lacks(hypothesis, contact, .windowScaleStripped))
        case .lacksSelectiveAcknowledgement(let contact, let value):
            return flag(value, HandshakeModel.lacks(hypothesis, contact, .sackStripped))
        case .loss(let contact, let loss): return TransferModel.loss(hypothesis, contact, loss, scene)
        case .roundTripGrows(let contact, let value):
            return flag(value, TransferModel.roundTripGrows(hypothesis, contact, scene))
        case .receiverLimits(let contact, let value):
            return flag(value, TransferModel.receiverLimits(hypothesis, contact, scene))
        case .reorders(let contact, let value): return flag(value, TransferModel.reorders(hypothesis, contact, scene))
        default: return HostModel.likelihood(finding, hypothesis)
        }
    }

    /// `p` if the finding is so, else what is left.
    static func flag(_ isSo: Bool, _ p: Double) -> Double { isSo ? p : 1 - p }

    static func anyCause(_ hypothesis: Hypothesis, _ cause: Cause) -> Bool {
        hypothesis.cause == cause || hypothesis.second?.cause == cause
    }

    private static func unmodelled(_ finding: Finding, _ scene: Scene) -> Double {
        switch finding {
        case .outcome(let contact, let outcome):
            ContactModel.outcomes(
                Hypothesis(
                    cause: .unmodelled,
                    locus: .application,
                    mechanism: .none,
                    selector: [],
                    trigger: .unknown,
                    memory: .unknown,
                    remedy: .collectMoreEvidence
                ),
                contact,
                scene
            )[outcome]
        case .loss: LikelihoodTable.Unmodelled.loss
        case .serverEnded, .providerRecord, .onset, .rejecter, .icmpSays: LikelihoodTable.Unmodelled.oneOfSeveral
        case .isAllowlisted: 1
        case .speaksAnother: LikelihoodTable.Speech.anotherOfUnmodelled
        default: LikelihoodTable.Unmodelled.otherwise
        }
    }
}
