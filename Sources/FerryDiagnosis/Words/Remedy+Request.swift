extension Remedy {
    /// What the owner of the remedy is asked to do, as a sentence.
    /// - Parameters:
    ///   - source: the address that the failing connections leave by.
    ///   - suspect: the suspect's host and port.
    func request(from source: String, to suspect: String) -> String? {
        switch self {
        case .none: nil
        case .askCloudToAllowlist:
            "Please lift the block of \(source) towards \(suspect), say which policy had set it, and allow that source there until the migration is over."
        case .raiseScrubbingThreshold:
            "Please raise the scrubbing threshold of \(suspect) above the migration's rate, or exempt \(source) from it."
        case .waitForExpiry:
            "\(suspect) is taken off the Internet for a time: please say until when, and what has set it off. Nothing is sent until then."
        case .askCarrier:
            "Please look into the path from \(source) to \(suspect): something on it drops, changes or answers these packets."
        case .fixSourceFirewall:
            "Please let \(source) connect to \(suspect)/tcp, both ways, on the firewall of the site."
        case .fixSourceHost:
            "Please correct the source server itself: its own packet filter, routes or load keep it from \(suspect)."
        case .fixLAN:
            "Please repair the source server's network segment: it loses packets before they reach the firewall."
        case .addSNATAddresses:
            "Please give the address translation more public addresses or ports towards \(suspect), or let them rest longer."
        case .pinEgressAddress: "Please let all connections to \(suspect) leave by one and the same public address."
        case .reduceRate: "The line is the limit: please send to \(suspect) more slowly, or at another time."
        case .reduceConnections: "Please open fewer connections to \(suspect), and more slowly one after the other."
        case .clampMSS:
            "Please clamp the maximum segment size towards \(suspect), or let ICMP \"fragmentation needed\" through."
        case .sendKeepalives:
            "Please let connections to \(suspect) stand longer without traffic, or have keepalives sent."
        case .disableTCPOption:
            "Please have the device that takes TCP options away, or drops packets that have them, let them through; until then they are switched off."
        case .bypassMiddlebox: "Please take the device that speaks in the far end's name out of the path to \(suspect)."
        case .fixRoute:
            "Please correct the routes, so that answers of \(suspect) return by the way that requests have come."
        case .fixSecurityGroup:
            "Please allow \(source) to \(suspect)/tcp in the security group, and in the firewall of the staging server itself."
        case .fixLoadBalancer:
            "Please look at the load balancer before \(suspect): what it is given does not all arrive behind it."
        case .startService: "Please start the service at \(suspect), or restart it if it hangs."
        case .tuneService:
            "Please look at the service at \(suspect), which turns \(source) away itself: its limits, and what its own log says."
        case .fixStagingDisk:
            "Please look at the staging server \(suspect): its service has stopped reading, as with a full or slow disk."
        case .fixDNS:
            "Please see to the name: from the source server it leads nowhere, or to an address that is not the staging server's. It is the name's record, the resolver that the source server asks, or how the name is written for the mover and in the site file."
        case .refreshStagingAddress:
            "Please look up the staging server's present address: \(suspect) is not it any more."
        case .fixCredentialsOrClock:
            "Please look at credentials, certificates and clocks at both ends: the network carries the connection."
        case .collectMoreEvidence: "Please measure more: what was granted does not tell what it is."
        }
    }
}
