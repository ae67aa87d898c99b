internal import FerryEvidence

/// Which places a connection passes, and how surely.
enum PathModel {
    /// The probability that `contact` passes what is broken.
    static func crosses(_ contact: Contact, _ cause: Cause, at locus: Locus) -> Double {
        // The staging server's own application is passed by whoever talks to it.
        guard cause != .none, cause != .unmodelled else { return 1 }
        return entered(contact, cause, locus) * left(contact, cause, locus)
    }

    /// The beginning of the path: where the vantage is.
    private static func entered(_ contact: Contact, _ cause: Cause, _ locus: Locus) -> Double {
        switch contact.position {
        case .application, .sourceHost:
            // What is wrong with one source server is not with its neighbour.
            return locus == .sourceHost && contact.vantage != 0 ? 0.03 : 1
        case .sourceLAN: return locus >= .sourceLAN ? 1 : 0
        case .sourceFirewall: return locus >= .sourceFirewall ? (locus == .sourceFirewall ? 0.3 : 1) : 0
        case .sourceEgress:
            // Behind address translation: only the line itself is shared.
            if locus == .sourceEgress { return cause == .egressSaturation ? 0.85 : 0.05 }
            return locus > .sourceEgress ? 1 : 0
        case .carrier: return locus > .carrier ? 1 : locus == .carrier ? 0.3 : 0
        case .transit: return locus >= .transit ? 1 : 0
        case .cloudEdge: return locus > .cloudEdge ? 1 : locus == .cloudEdge ? 0.3 : 0
        case .otherPublic:
            // Another carrier; the cloud is the same.
            return locus >= .cloudEdge ? 1 : locus == .transit ? 0.3 : 0
        case .cloudNetwork:
            // Security groups and balancers see some of what goes on within a region.
            return locus == .service ? 1 : locus == .cloudNetwork ? 0.2 : 0.01
        case .service: return locus == .service ? 0.9 : 0
        }
    }

    /// The end of the path: where it goes.
    private static func left(_ contact: Contact, _ cause: Cause, _ locus: Locus) -> Double {
        switch contact.destination {
        case .suspectHost: 1
        case .sameRegion: locus == .service ? 0.02 : locus == .cloudNetwork ? 0.85 : 1
        case .otherCloud, .unrelated: locus < .transit ? 1 : locus == .transit ? 0.5 : 0.01
        }
    }
}
