/// The vocabulary of `ferry.diagnosis/1` in English.
enum EnglishVocabulary {
    static let words: [Vocabulary: [String: String]] = [
        .cause: causes, .mechanism: mechanisms, .selector: selectors, .trigger: triggers, .memory: memories,
        .remedy: remedies,
        .owner: owners, .outcome: outcomes, .factor: factors,
    ]

    private static let causes = [
        "none": "nothing is wrong", "source-firewall": "the source server's own firewall",
        "source-ports-exhausted": "the source server has no local ports left",
        "source-slow": "the source server itself is slow",
        "lan-loss": "packet loss in the site's network",
        "lan-injector": "a device in the site's network that forges resets",
        "firewall-drop": "the customer's firewall drops it", "firewall-reject": "the customer's firewall rejects it",
        "firewall-session-limit": "the customer's firewall has no room for more sessions",
        "idle-timeout": "a firewall or NAT forgets idle connections",
        "snat-port-exhaustion": "address translation has no ports left for this destination",
        "egress-address-flap": "the site leaves by changing addresses",
        "source-address-block": "the source address is blocked as a whole",
        "tuple-reuse": "address translation reuses ports too soon",
        "transparent-proxy": "a transparent proxy on the way", "egress-saturation": "the site's line is full",
        "policer": "a rate limit that drops what is above it", "shaper": "a rate limit that delays what is above it",
        "random-loss": "random packet loss on the way", "reordering": "packets overtake each other on the way",
        "bad-ecmp-member": "one of several parallel paths is broken",
        "mtu-black-hole": "large packets vanish and nobody is told",
        "asymmetric-path": "packets return by another way than a stateful device expects",
        "return-route-missing": "there is no route back", "window-scale-stripped": "a device strips TCP window scaling",
        "sack-stripped": "a device strips TCP selective acknowledgement",
        "ecn-syn-drop": "a device drops requests that offer ECN",
        "carrier-port-block": "the carrier blocks the port",
        "carrier-black-hole": "the carrier drops everything to the destination",
        "payload-injector": "a device forges resets when it sees certain content",
        "payload-drop": "a device drops connections that carry certain content",
        "payload-reset": "a device resets connections that carry certain content",
        "forged-close": "a device forges the end of connections",
        "first-syn-drop": "the first request of a connection is dropped on purpose",
        "syn-challenge": "new connections are challenged before they are let in",
        "syn-proxy-dead-backend": "a SYN proxy answers for a server that it cannot reach",
        "scrubbing-cap": "the cloud's traffic scrubbing caps the rate",
        "destination-black-hole": "the cloud has taken the address off the Internet",
        "anti-abuse-block": "the cloud's anti-abuse policy has blocked the source address at this port",
        "host-ban": "the staging server itself has banned the source address",
        "syn-rate-limit": "a limit on new connections per time",
        "concurrency-limit": "a limit on connections at the same time",
        "byte-quota": "a limit on bytes", "lifetime-kill": "connections are ended at a certain age",
        "security-group": "a security group does not let it in",
        "load-balancer": "a load balancer sends some of it nowhere",
        "service-not-listening": "nothing listens at the port",
        "accept-queue-overflow": "the service does not accept fast enough",
        "service-refuses": "the service itself refuses",
        "receiver-stalled": "the staging server does not take what arrives",
        "application-timeout": "the application ends connections by a time limit of its own",
        "dns-wrong": "the name leads to a wrong address",
        "stale-staging-address": "the address belongs to another machine now",
        "not-network": "not the network: authentication, TLS or a clock",
        "unmodelled": "something that Ferry has no model of",
    ]

    private static let mechanisms = [
        "drop": "packets are dropped", "reset": "connections are reset (RST)",
        "icmp-reject": "packets are rejected with an ICMP error",
        "close": "connections are closed (FIN)", "silence": "connections are accepted, then nothing comes",
        "rate": "the rate is limited",
        "loss": "some packets are lost", "delay": "packets are delayed", "rewrite": "packets are rewritten",
        "none": "nothing is done to packets",
    ]

    private static let selectors = [
        "source-address": "source address", "source-port": "source port", "destination-address": "destination address",
        "destination-port": "destination port", "payload": "content", "size": "packet size",
        "options": "TCP or IP options",
    ]

    private static let triggers = [
        "standing": "standing", "connection-rate": "too many new connections in a time",
        "concurrency": "too many connections at the same time",
        "bytes": "too many bytes", "age": "the age of a connection", "idle": "silence on a connection",
        "content": "what connections carry",
        "failures": "failed attempts", "aggregate-rate": "the rate of all traffic together",
        "off-wire": "something that is not on the wire, as instances that were created and released",
        "unknown": "not known",
    ]

    private static let memories = [
        "none": "none: it acts as long as its condition holds", "fixed": "a fixed time",
        "renewed-by-hits": "a time that every attempt renews",
        "until-lifted": "until somebody lifts it", "unknown": "not known",
    ]

    private static let remedies = [
        "none": "nothing needs to be done",
        "ask-cloud-to-allowlist": "ask the cloud provider to put the source addresses on its allowlist",
        "raise-scrubbing-threshold": "ask the cloud provider to raise the scrubbing threshold",
        "wait-for-expiry": "wait until it ends by itself",
        "ask-carrier": "ask the carrier", "fix-source-firewall": "correct the customer's firewall",
        "fix-source-host": "correct the source server",
        "fix-lan": "repair the site's network", "add-snat-addresses": "give address translation more public addresses",
        "pin-egress-address": "let the site leave by one fixed address", "reduce-rate": "reduce the rate",
        "reduce-connections": "use fewer connections",
        "clamp-mss": "clamp the maximum segment size", "send-keepalives": "send keep-alives",
        "disable-tcp-option": "switch off a TCP option",
        "bypass-middlebox": "take the device out of the way", "fix-route": "correct the route",
        "fix-security-group": "open the security group",
        "fix-load-balancer": "correct the load balancer", "start-service": "start the service",
        "tune-service": "tune the service",
        "fix-staging-disk": "relieve or repair the staging server's disk", "fix-dns": "correct the name's address",
        "refresh-staging-address": "use the staging server's new address",
        "fix-credentials-or-clock": "correct credentials or clocks",
        "collect-more-evidence": "collect more evidence",
    ]

    private static let owners = [
        "cloud": "the cloud provider", "carrier": "the carrier", "customer-network": "the customer's network team",
        "source-owner": "the owner of the source server", "migration-team": "the migration team",
        "staging-owner": "whoever runs the staging server", "nobody": "nobody",
    ]

    private static let outcomes = [
        "OK": "all went well", "SLOW_LOSSY": "slow, with loss", "SLOW_SHAPED": "slow, without loss",
        "LATE_CONNECT": "connected late",
        "NOT_SENT": "nothing could be sent", "SYN_TIMEOUT": "no answer to the handshake",
        "REFUSED_FAST": "refused sooner than the host could",
        "REFUSED_FULL": "refused", "ICMP": "an ICMP error", "CONNECT_RST": "reset right after the handshake",
        "CONNECT_FIN": "closed right after the handshake", "CONNECT_SILENCE": "silent after the handshake",
        "MID_RST": "reset during the transfer",
        "MID_FIN": "closed during the transfer", "MID_STALL_RX": "stalled: nothing is acknowledged",
        "MID_STALL_RWND": "stalled: the receiver takes nothing", "APP_ERROR": "refused by the service in words",
    ]

    private static let factors = [
        "source-address": "source address", "source-port": "source port", "destination-address": "destination address",
        "destination-port": "destination port", "vantage": "vantage point", "payload": "content",
        "size": "amount of content", "rate": "rate",
        "idle": "silence within the connection", "concurrency": "connections at the same time",
        "options": "TCP options",
        "confirmation": "nothing: what had failed, after the remedy", "look": "nothing: a look at the hosts",
        "baseline": "nothing: the failure as it is",
        "silence": "silence before it",
        "port": "destination port", "destination": "destination address", "content": "content",
        "transfer": "amount of content",
        "segment-size": "segment size", "ladder": "nothing: who answers on the way",
    ]
}
