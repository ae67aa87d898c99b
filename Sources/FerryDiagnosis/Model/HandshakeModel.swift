internal import FerryEvidence

/// What handshakes show.
enum HandshakeModel {
    private typealias Table = LikelihoodTable.Handshake

    /// The probability that the handshake is answered from much nearer than the host.
    static func isShort(_ hypothesis: Hypothesis, _ contact: Contact, _ scene: Scene) -> Double {
        let bites = ContactModel.bites(hypothesis, contact, scene)
        switch hypothesis.cause {
        case .transparentProxy:
            let isOfAll = hypothesis.mechanism != .rewrite
            return Table.short + (isOfAll ? Table.shortByProxyOfAll : Table.shortByTransparentProxy) * bites
        case .synProxyDeadBackend where PathModel.isPastProxy(contact, at: hypothesis.locus): return Table.short
        case .synProxyDeadBackend: return Table.short + Table.shortBySYNProxy[hypothesis.locus < .carrier] * bites
        case .forgedClose: return Table.short + Table.shortByForgedClose[hypothesis.locus < .carrier] * bites
        default: return Table.short
        }
    }

    /// The probability that the first request is answered wrongly, and the second rightly.
    static func isChallenged(_ hypothesis: Hypothesis, _ contact: Contact) -> Double {
        if hypothesis.cause == .tupleReuse { return Table.challengedByTupleReuse }
        guard FindingModel.anyCause(hypothesis, .synChallenge) else { return Table.challenged }
        return Table.challengedWhenFresh[contact.isFresh]
    }

    /// The probability that an option that both ends offer was not agreed on.
    static func lacks(_ hypothesis: Hypothesis, _ contact: Contact, _ cause: Cause) -> Double {
        guard FindingModel.anyCause(hypothesis, cause) else {
            let isProxy = [.synProxyDeadBackend, .transparentProxy].contains(hypothesis.cause)
            return isProxy || hypothesis.isBalancerAlone
                ? Table.lacksOptionByProxy : Table.lacksOption
        }
        return Table.lacksOption + Table.lacksStrippedOption * PathModel.crosses(contact, cause, at: hypothesis.locus)
    }
}
