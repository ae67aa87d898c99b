/// What somebody must do. The raw values are the words of `ferry.diagnosis/1`.
public enum Remedy: String, Codable, Sendable, CaseIterable {
    case none
    case askCloudToAllowlist = "ask-cloud-to-allowlist"
    case raiseScrubbingThreshold = "raise-scrubbing-threshold"
    case waitForExpiry = "wait-for-expiry"
    case askCarrier = "ask-carrier"
    case fixSourceFirewall = "fix-source-firewall"
    case fixSourceHost = "fix-source-host"
    case fixLAN = "fix-lan"
    case addSNATAddresses = "add-snat-addresses"
    case pinEgressAddress = "pin-egress-address"
    case reduceRate = "reduce-rate"
    case reduceConnections = "reduce-connections"
    case clampMSS = "clamp-mss"
    case sendKeepalives = "send-keepalives"
    case disableTCPOption = "disable-tcp-option"
    case bypassMiddlebox = "bypass-middlebox"
    case fixRoute = "fix-route"
    case fixSecurityGroup = "fix-security-group"
    case fixLoadBalancer = "fix-load-balancer"
    case startService = "start-service"
    case tuneService = "tune-service"
    case fixStagingDisk = "fix-staging-disk"
    case fixDNS = "fix-dns"
    case refreshStagingAddress = "refresh-staging-address"
    case fixCredentialsOrClock = "fix-credentials-or-clock"
    case collectMoreEvidence = "collect-more-evidence"

    /// Who has to do it: `cloud`, `carrier`, `customer-network`, `source-owner`, `migration-team`, `staging-owner` or `nobody`.
    public var owner: String {
        switch self {
        case .none: "nobody"
        case .askCloudToAllowlist, .raiseScrubbingThreshold: "cloud"
        case .askCarrier: "carrier"
        case .fixSourceFirewall, .fixLAN, .addSNATAddresses, .pinEgressAddress, .clampMSS, .bypassMiddlebox, .fixRoute:
            "customer-network"
        case .fixSourceHost, .disableTCPOption: "source-owner"
        case .fixSecurityGroup, .fixLoadBalancer, .startService, .tuneService, .fixStagingDisk: "staging-owner"
        case .waitForExpiry, .reduceRate, .reduceConnections, .sendKeepalives, .fixDNS, .refreshStagingAddress,
            .fixCredentialsOrClock, .collectMoreEvidence:
            "migration-team"
        }
    }

    /// The same of something that is at `locus`: a device in the way is its own network's.
    func owner(at locus: Locus) -> String {
        guard self == .bypassMiddlebox || self == .fixRoute else { return owner }
        switch locus {
        case .application, .sourceHost, .sourceLAN, .sourceFirewall, .sourceEgress: return owner
        case .carrier, .transit: return Remedy.askCarrier.owner
        case .cloudEdge, .cloudNetwork: return Remedy.askCloudToAllowlist.owner
        case .service: return Remedy.startService.owner
        }
    }
}
