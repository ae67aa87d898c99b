/// The words of a diagnosis, which truths are written in.
enum DiagnosisWords {
    static let loci = Topology.places

    static let mechanisms = [
        "drop", "reset", "icmp-reject", "close", "silence", "rate", "loss", "delay", "rewrite", "none",
    ]

    static let selectors = [
        "source-address", "source-port", "destination-address", "destination-port", "payload", "size", "options",
    ]

    static let triggers = [
        "standing", "connection-rate", "concurrency", "bytes", "age", "idle", "content", "failures", "aggregate-rate",
        "off-wire", "unknown",
    ]

    static let memories = ["none", "fixed", "renewed-by-hits", "until-lifted", "unknown"]

    static let causes: Set<String> = [
        "none", "source-firewall", "source-ports-exhausted", "source-slow", "lan-loss", "lan-injector", "firewall-drop",
        "firewall-reject", "firewall-session-limit", "idle-timeout", "snat-port-exhaustion", "egress-address-flap",
        "source-address-block", "tuple-reuse", "transparent-proxy", "egress-saturation", "policer", "shaper",
        "random-loss", "reordering", "bad-ecmp-member", "mtu-black-hole", "asymmetric-path", "return-route-missing",
        "window-scale-stripped", "sack-stripped", "ecn-syn-drop", "carrier-port-block", "carrier-black-hole",
        "payload-injector", "payload-drop", "payload-reset", "forged-close", "first-syn-drop", "syn-challenge",
        "syn-proxy-dead-backend", "scrubbing-cap", "destination-black-hole", "anti-abuse-block", "host-ban",
        "syn-rate-limit", "concurrency-limit", "byte-quota", "lifetime-kill", "security-group", "load-balancer",
        "service-not-listening", "accept-queue-overflow", "service-refuses", "receiver-stalled", "application-timeout",
        "dns-wrong", "stale-staging-address", "not-network", "unmodelled",
    ]

    static let remedies = [
        "none", "ask-cloud-to-allowlist", "raise-scrubbing-threshold", "wait-for-expiry", "ask-carrier",
        "fix-source-firewall", "fix-source-host", "fix-lan", "add-snat-addresses", "pin-egress-address", "reduce-rate",
        "reduce-connections", "clamp-mss", "send-keepalives", "disable-tcp-option", "bypass-middlebox", "fix-route",
        "fix-security-group", "fix-load-balancer", "start-service", "tune-service", "fix-staging-disk", "fix-dns",
        "refresh-staging-address", "fix-credentials-or-clock", "collect-more-evidence",
    ]
}
