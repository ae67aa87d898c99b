public import FerryCore

/// What was done in the case, as a baseline for a diagnosis: ten telnets to the port that fails, ten to the port that does
/// not, ten from elsewhere, then another port; and what was concluded from that at first, before anybody asked who closed.
public struct TelnetSequence {
    private static let times = 10
    private let prober: Prober
    private let grants: Grants

    /// Telnets at `site`.
    /// - Parameters:
    ///   - site: what is granted of the site.
    ///   - grants: told in the answer, and not used.
    ///   - make: makes a connection.
    public init(
        _ site: Topology.Site,
        _ grants: Grants,
        make: @escaping (PlainAsk) throws(FerryError) -> PlainProbe.Result
    ) {
        prober = Prober(site, make)
        self.grants = grants
    }

    /// Connects and concludes.
    public func diagnose() throws(FerryError) -> Verdict {
        let site = prober.site
        let suspect = try failures(prober.source, site.suspect) ?? 0
        let control = try failures(prober.source, site.controls.first)
        let elsewhere = try failures(prober.vantage(at: "other-public"), site.suspect)
        var other = site.suspect
        if let port = site.alternatePorts.first { other.port = port }
        let changed = site.alternatePorts.isEmpty ? nil : try failures(prober.source, other)
        return TelnetSequence.conclude(suspect: suspect, control: control, elsewhere: elsewhere, changed: changed)
            .verdict(tier: grants.tier, cost: prober.cost)
    }

    /// How many of ten fail; nil where there is nobody or nothing to ask.
    private func failures(
        _ vantage: String?,
        _ endpoint: Topology.Site.Endpoint?
    ) throws(FerryError) -> Int? {
        var failures = 0
        for _ in 0..<TelnetSequence.times {
            guard let result = try prober.ask(vantage, endpoint) else { return nil }
            if result.outcome != .ok { failures += 1 }
        }
        return failures
    }

    static func conclude(suspect: Int, control: Int?, elsewhere: Int?, changed: Int?) -> Conclusion {
        let isBad = { (failures: Int?) in (failures ?? 0) * 2 > times }
        if suspect == 0 {
            return Conclusion(cause: "none", locus: nil, mechanism: "none", memory: "none", confidence: 0.7)
        }
        if isBad(elsewhere) {
            return Conclusion(
                cause: "service-not-listening",
                locus: "service",
                mechanism: "drop",
                selector: ["destination-port"],
                confidence: 0.6,
                rivals: ["security-group"]
            )
        }
        if isBad(control) {
            return Conclusion(
                cause: "carrier-black-hole",
                locus: "carrier",
                mechanism: "drop",
                confidence: 0.5,
                rivals: ["firewall-drop"]
            )
        }
        if suspect * 2 <= times {
            return Conclusion(
                cause: "random-loss",
                locus: "carrier",
                mechanism: "loss",
                confidence: 0.5,
                rivals: ["egress-saturation"]
            )
        }
        // "Security policy or network quality": the line was full at that hour, so it was throttled, and the port changed.
        return Conclusion(
            cause: "egress-saturation",
            locus: "source-egress",
            mechanism: "loss",
            selector: isBad(changed) ? [] : ["destination-port"],
            trigger: "aggregate-rate",
            memory: "unknown",
            confidence: 0.5,
            rivals: ["carrier-port-block", "firewall-drop"]
        )
    }
}
