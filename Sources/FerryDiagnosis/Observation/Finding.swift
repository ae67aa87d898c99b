public import FerryCore
public import FerryEvidence

/// One thing that was observed, in the terms that hypotheses are about: what analysis is made of.
public enum Finding: Sendable, Hashable {
    /// What a connection came to.
    case outcome(Contact, ProbeOutcome)
    /// Whether its request was seen at a vantage that watched.
    case requestSeen(Contact, ProbeOutcome, at: Site.Position, Bool)
    /// Whether the answer to it was seen there; only where the request was.
    case answerSeen(Contact, ProbeOutcome, at: Site.Position, Bool)
    /// What the staging server's own end sent to end it, of a connection whose end the client saw.
    case serverEnded(Contact, ProbeOutcome, ServerEnd)
    /// Something came from the peer after it had closed, or the closing packets guess at sequence numbers: forged.
    case endIsForged(Contact, ProbeOutcome, Bool)
    /// Whether the closing packet's time to live is that of the peer's other packets.
    case endComesFromAsFar(Contact, ProbeOutcome, Bool)
    /// Who has sent the ICMP error that ended it.
    case rejecter(Contact, ProbeOutcome, Rejecter)
    /// What that error says.
    case icmpSays(Contact, ProbeOutcome, ICMPFacts.Meaning)
    /// Whether the words with which a service refuses name a limit of connections.
    case refusalNamesLimit(Bool)
    /// What answers at the suspect's port speaks another protocol than the suspect does.
    case speaksAnother(Contact)
    /// Whether the handshake was answered much sooner than others with the same host.
    case handshakeIsShort(Contact, Bool)
    /// Whether the first request was answered wrongly, and the second rightly.
    case isChallenged(Contact, Bool)
    /// Of a handshake whose first request was lost: whether that offered ECN and the one that was answered did not.
    case onlyECNIsLost(Contact, Bool)
    /// Whether window scaling was not agreed on though both hosts offer it.
    case lacksWindowScale(Contact, Bool)
    /// Whether selective acknowledgement was not agreed on though both hosts offer it.
    case lacksSelectiveAcknowledgement(Contact, Bool)
    /// How much of a transfer was sent again.
    case loss(Contact, Loss)
    /// Whether the round trip under load was far above the least one.
    case roundTripGrows(Contact, Bool)
    /// Whether the peer's window was what limited a transfer.
    case receiverLimits(Contact, Bool)
    /// Whether packets overtook each other.
    case reorders(Contact, Bool)
    /// Whether something listens at the suspect's port on the staging server.
    case listens(Bool)
    /// Whether the queue of connections to be accepted there is full, or has overflowed.
    case queueOverflows(Bool)
    /// Whether the staging server has a route back.
    case hasRouteBack(Bool)
    /// Whether its service leaves what has come unread.
    case leavesUnread(Bool)
    /// Whether the failing source server has no port left towards the suspect.
    case portsAreExhausted(Bool)
    /// Whether the failing source server's requests offer ECN.
    case offersECN(Bool)
    /// Whether the staging server has the address that the site calls the suspect's.
    case ownsSuspectAddress(Bool)
    /// Where the suspect's name leads from where it fails, beside where it leads from elsewhere.
    case name(NameFinding)
    /// Whether one connection's packets leave by several addresses.
    case addressChanges(Bool)
    /// What the provider's records say of the failing key.
    case providerRecord(ProviderFinding)
    /// The provider's allowlist has the failing source, and so long that it acted when it failed.
    case isAllowlisted(source: String, since: UTCTime)
    /// Whether the uplink was full while it failed.
    case uplinkIsFull(Bool)
    /// What had gone before the first failure.
    case onset(Onset)
    /// Whether the control worked once and failed once within the same experiment.
    case controlsDisagree(Bool)
    /// The mover's log has connections, and none has failed.
    case nothingHasFailed(Bool)

    /// Who sends an ICMP error.
    public enum Rejecter: String, Sendable, Hashable {
        /// The host that the connection was for.
        case host
        /// Something from which it came in less than half the time that the host's answers take.
        case nearby
        /// Something further away.
        case faraway
    }

    /// What the server's own end did.
    public enum ServerEnd: String, Sendable, Hashable {
        /// Nothing: it thinks that the connection stands, or never heard of it.
        case nothing
        /// It sent a RST.
        case reset
        /// It sent a FIN.
        case close
        /// It sent a RST in answer to the client's RST, or to what came after.
        case afterClient
    }

    /// Where a name leads.
    public enum NameFinding: String, Sendable, Hashable {
        /// To an address to which it leads from nowhere else.
        case leadsElsewhere
        /// To one of those to which it leads from elsewhere, too.
        case leadsTheSameWay
        /// It is not found.
        case leadsNowhere
    }

    /// Classes of the share of segments sent again.
    public enum Loss: String, Sendable, Hashable {
        /// Under 0.3 %.
        case none
        /// Up to 1.9 %.
        case light
        /// Up to 8 %.
        case heavy
        /// More.
        case severe
    }

    /// What the provider's records say.
    public enum ProviderFinding: String, Sendable, Hashable {
        /// A block of the failing source address at the suspect's port.
        case blocksKey
        /// A block of the failing source address at any port.
        case blocksSource
        /// A block of some address at the suspect's port, and by which one the failing source leaves is not known.
        case blocksSomebody
        /// The suspect's address is being scrubbed.
        case scrubs
        /// The suspect's address is taken off the Internet.
        case blackHole
        /// Nothing, and they are complete.
        case nothing
        /// Nothing, and they are not complete.
        case nothingKnown
        /// Nothing, and they are older than what failed.
        case outdated
    }

    /// What had gone before the first failure.
    public enum Onset: String, Sendable, Hashable {
        /// Many connections in a short time.
        case burst
        /// Much content.
        case volume
        /// Nothing out of the ordinary.
        case quiet
    }
}
