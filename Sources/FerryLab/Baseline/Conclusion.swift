/// What a baseline concludes, before it is put into the form of a diagnosis.
struct Conclusion: Sendable, Equatable {
    var cause: String
    var locus: String?
    var mechanism: String
    var selector: [String] = []
    var trigger = "standing"
    var memory = "until-lifted"
    /// How sure a person would be; told as it is felt, and not measured.
    var confidence: Double
    /// Other causes, the likeliest first: they share what is left of the probability, each half as likely as the one before.
    var rivals: [String] = []
    /// What somebody would have to do, where that is not what the cause usually asks for.
    var remedy: String?
    /// What it cannot be told from with what is granted; nil if it can be told.
    var inseparable: Verdict.Class?

    /// It as a diagnosis.
    func verdict(tier: Int, cost: Verdict.Cost) -> Verdict {
        var left = 1 - confidence
        let alternatives = rivals.map { rival in
            left /= 2
            return Verdict.Alternative(causes: [rival], remedy: Conclusion.remedy(of: rival), probability: left)
        }
        return Verdict(
            level: cause == "unmodelled" ? .noVerdict : inseparable == nil ? .likely : .indistinguishable,
            causes: inseparable?.causes ?? [cause],
            loci: locus.map { [$0] } ?? [],
            mechanism: mechanism,
            selector: selector,
            trigger: trigger,
            memory: Verdict.Memory(kind: memory),
            remedy: remedy ?? Conclusion.remedy(of: cause),
            confidence: confidence,
            alternatives: alternatives,
            indistinguishable: inseparable.map { [$0] } ?? [],
            tier: tier,
            cost: cost
        )
    }

    /// What an engineer would do about a cause.
    static func remedy(of cause: String) -> String { remedies[cause] ?? "collect-more-evidence" }

    private static let remedies = [
        "none": "none", "source-firewall": "fix-source-host", "source-ports-exhausted": "reduce-connections",
        "firewall-drop": "fix-source-firewall", "firewall-reject": "fix-source-firewall",
        "snat-port-exhaustion": "add-snat-addresses", "source-address-block": "ask-cloud-to-allowlist",
        "egress-saturation": "reduce-rate", "policer": "reduce-rate", "shaper": "reduce-rate",
        "random-loss": "ask-carrier", "mtu-black-hole": "clamp-mss", "return-route-missing": "fix-route",
        "carrier-port-block": "ask-carrier", "carrier-black-hole": "ask-carrier", "payload-drop": "ask-carrier",
        "payload-reset": "ask-carrier", "syn-proxy-dead-backend": "start-service", "forged-close": "bypass-middlebox",
        "destination-black-hole": "wait-for-expiry", "anti-abuse-block": "ask-cloud-to-allowlist",
        "host-ban": "tune-service", "syn-rate-limit": "reduce-connections", "concurrency-limit": "reduce-connections",
        "byte-quota": "ask-cloud-to-allowlist", "security-group": "fix-security-group",
        "service-not-listening": "start-service", "service-refuses": "tune-service",
        "accept-queue-overflow": "tune-service", "lan-loss": "fix-lan",
        "source-slow": "fix-source-host", "lan-injector": "bypass-middlebox", "idle-timeout": "send-keepalives",
        "egress-address-flap": "pin-egress-address", "transparent-proxy": "ask-carrier", "reordering": "ask-carrier",
        "bad-ecmp-member": "ask-carrier", "asymmetric-path": "fix-route",
        "window-scale-stripped": "disable-tcp-option", "sack-stripped": "disable-tcp-option",
        "ecn-syn-drop": "disable-tcp-option", "scrubbing-cap": "raise-scrubbing-threshold",
        "lifetime-kill": "ask-cloud-to-allowlist", "load-balancer": "fix-load-balancer",
        "receiver-stalled": "fix-staging-disk", "application-timeout": "tune-service",
        "stale-staging-address": "refresh-staging-address",
    ]
}
