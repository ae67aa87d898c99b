internal import FerryEvidence

/// Which places a connection passes, and how surely.
enum PathModel {
    private typealias Table = LikelihoodTable.Path

    /// The probability that `contact` passes what is broken.
    static func crosses(_ contact: Contact, _ cause: Cause, at locus: Locus) -> Double {
        // The staging server's own application is passed by whoever talks to it.
        guard cause != .none, cause != .unmodelled else { return 1 }
        // A dead backend is dead for whoever asks, past the proxy or before it.
        if cause == .synProxyDeadBackend { return left(contact, cause, .service) }
        return entered(contact, cause, locus) * left(contact, cause, locus)
    }

    /// Whether `contact` begins behind a proxy at `locus`, and asks the backend itself.
    static func isPastProxy(_ contact: Contact, at locus: Locus) -> Bool {
        switch contact.position {
        case .cloudNetwork, .service: true
        case .sourceEgress, .carrier, .transit, .cloudEdge, .otherPublic: locus <= .sourceEgress
        case .application, .sourceHost, .sourceLAN, .sourceFirewall: false
        }
    }

    /// The beginning of the path: where the vantage is.
    private static func entered(_ contact: Contact, _ cause: Cause, _ locus: Locus) -> Double {
        switch contact.position {
        case .application, .sourceHost:
            return locus == .sourceHost && contact.vantage != 0 ? Table.neighbourOfSourceHost : 1
        case .sourceLAN: return locus >= .sourceLAN ? 1 : 0
        case .sourceFirewall:
            return locus >= .sourceFirewall ? (locus == .sourceFirewall ? Table.FromItsPlace.sourceFirewall : 1) : 0
        case .sourceEgress:
            if locus == .sourceEgress {
                return cause == .egressSaturation
                    ? Table.FromItsPlace.sourceLine : Table.FromItsPlace.sourceTranslation
            }
            return locus > .sourceEgress ? 1 : 0
        case .carrier: return locus > .carrier ? 1 : locus == .carrier ? Table.FromItsPlace.carrier : 0
        case .transit: return locus >= .transit ? 1 : 0
        case .cloudEdge: return locus > .cloudEdge ? 1 : locus == .cloudEdge ? Table.FromItsPlace.cloudEdge : 0
        case .otherPublic:
            // Another carrier; the cloud is the same.
            return locus >= .cloudEdge ? 1 : locus == .transit ? Table.transitFromElsewhere : 0
        case .cloudNetwork:
            if locus == .service { return 1 }
            return locus == .cloudNetwork ? Table.FromItsPlace.cloudNetwork : Table.outsideFromCloudNetwork
        case .service:
            guard locus == .service else { return 0 }
            return cause == .securityGroup ? Table.FromItsPlace.ownFirewall : Table.FromItsPlace.service
        }
    }

    /// The end of the path: where it goes.
    private static func left(_ contact: Contact, _ cause: Cause, _ locus: Locus) -> Double {
        switch contact.destination {
        case .suspectHost: 1
        case .sameRegion:
            switch locus {
            case .service: Table.ToSameRegion.service
            case .cloudNetwork:
                cause == .securityGroup ? Table.ToSameRegion.securityGroup : Table.ToSameRegion.cloudNetwork
            default: 1
            }
        case .otherCloud, .unrelated:
            locus < .transit ? 1 : locus == .transit ? Table.ToElsewhere.transit : Table.ToElsewhere.cloud
        }
    }
}
