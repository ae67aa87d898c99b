internal import FerryEvidence

/// What handshakes show.
enum HandshakeModel {
    /// The probability that a handshake with the host itself takes much less than others: no packet is faster than its way.
    private static let near = 0.0002

    /// The probability that the handshake is answered from much nearer than the host.
    static func isShort(_ hypothesis: Hypothesis, _ contact: Contact, _ scene: Scene) -> Double {
        let bites = ContactModel.bites(hypothesis, contact, scene)
        switch hypothesis.cause {
        case .transparentProxy: return near + 0.93 * bites
        case .synProxyDeadBackend: return near + (hypothesis.locus < .carrier ? 0.95 : 0.04) * bites
        case .forgedClose: return near + (hypothesis.locus < .carrier ? 0.3 : 0.02) * bites
        default: return near
        }
    }

    /// The probability that an option that both ends offer was not agreed on.
    static func lacks(_ hypothesis: Hypothesis, _ contact: Contact, _ cause: Cause) -> Double {
        guard FindingModel.anyCause(hypothesis, cause) else {
            // A proxy speaks for itself.
            return [.synProxyDeadBackend, .transparentProxy].contains(hypothesis.cause) ? 0.15 : 0.006
        }
        return 0.006 + 0.96 * PathModel.crosses(contact, cause, at: hypothesis.locus)
    }
}
