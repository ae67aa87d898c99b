public import FerryCore

/// The expert's if and else: a baseline for a diagnosis. It makes every plain probe that a careful engineer makes by hand,
/// and reasons about them in the order of a troubleshooting guide: does it move, does the host answer at all, does the port,
/// who answers how fast, and from where does it work.
///
/// It has no capture, reads no provider's records, and weighs nothing against anything.
public struct ExpertTree {
    private let prober: Prober
    private let grants: Grants
    private let wait: (Duration) -> Void

    /// An expert at `site`.
    /// - Parameters:
    ///   - site: what is granted of the site.
    ///   - grants: which experiments are allowed.
    ///   - wait: lets time pass.
    ///   - make: makes a connection.
    public init(
        _ site: Topology.Site,
        _ grants: Grants,
        wait: @escaping (Duration) -> Void,
        make: @escaping (PlainAsk) throws(FerryError) -> PlainProbe.Result
    ) {
        prober = Prober(site, make)
        self.grants = grants
        self.wait = wait
    }

    /// Probes and concludes.
    public func diagnose() throws(FerryError) -> Verdict {
        let found = try FixedBattery(prober: prober, allow: grants.allow, wait: wait).run()
        return ExpertTree.conclude(found).verdict(tier: grants.tier, cost: prober.cost)
    }

    static func conclude(_ found: FixedBattery.Findings) -> Conclusion {
        if found.suspect.allSatisfy({ $0.outcome == .ok }) { return ofTransfer(found) }
        if (found.suspect + found.afterSilence).contains(where: { $0.outcome == .ok }) { return ofChange(found) }
        if let control = found.control.last, control.outcome != .ok { return ofHost(found) }
        return ofPort(found)
    }

    /// Connections stand: what of their content arrives?
    private static func ofTransfer(_ found: FixedBattery.Findings) -> Conclusion {
        guard let large = found.large, large.outcome != .ok else {
            if let large = found.large, large.time > .seconds(5) {
                return Conclusion(
                    cause: "random-loss",
                    locus: "carrier",
                    mechanism: "loss",
                    confidence: 0.4,
                    rivals: ["egress-saturation", "policer", "shaper"]
                )
            }
            return Conclusion(cause: "none", locus: nil, mechanism: "none", memory: "none", confidence: 0.85)
        }
        let isReset = large.outcome == .midReset
        if found.otherContent?.outcome == .ok {
            return Conclusion(
                cause: isReset ? "payload-reset" : "payload-drop",
                locus: "carrier",
                mechanism: isReset ? "reset" : "drop",
                selector: ["payload"],
                trigger: "content",
                memory: "none",
                confidence: 0.75,
                rivals: ["byte-quota"]
            )
        }
        if found.paced?.outcome == .ok, found.small?.outcome != .ok {
            return Conclusion(
                cause: "mtu-black-hole",
                locus: "carrier",
                mechanism: "drop",
                selector: ["size"],
                confidence: 0.85,
                rivals: ["policer"]
            )
        }
        if found.small?.outcome == .ok {
            return Conclusion(
                cause: "byte-quota",
                locus: "cloud-edge",
                mechanism: isReset ? "reset" : "drop",
                selector: found.largeToAlternate?.outcome == .ok ? ["destination-port"] : [],
                trigger: "bytes",
                memory: "none",
                confidence: 0.7,
                rivals: ["payload-reset", "policer"]
            )
        }
        return Conclusion(
            cause: "payload-drop",
            locus: "carrier",
            mechanism: isReset ? "reset" : "drop",
            confidence: 0.3,
            rivals: ["mtu-black-hole", "random-loss"]
        )
    }

    /// It fails, and then it does not: something counts.
    private static func ofChange(_ found: FixedBattery.Findings) -> Conclusion {
        let failure = found.suspect.first { $0.outcome != .ok }?.outcome
        let mechanism = mechanism(of: failure ?? .synTimeout)
        let after = found.afterSilence.map { $0.outcome == .ok }
        if after.allSatisfy({ $0 }), !found.suspect.contains(where: { $0.outcome == .ok }) {
            return Conclusion(
                cause: "anti-abuse-block",
                locus: "cloud-edge",
                mechanism: mechanism,
                selector: ["source-address", "destination-port"],
                trigger: "connection-rate",
                memory: "fixed",
                confidence: 0.6,
                rivals: ["syn-rate-limit", "host-ban"]
            )
        }
        return Conclusion(
            cause: "syn-rate-limit",
            locus: "cloud-edge",
            mechanism: mechanism,
            selector: ["destination-port"],
            trigger: "connection-rate",
            memory: "none",
            confidence: 0.7,
            rivals: ["random-loss", "anti-abuse-block"]
        )
    }

    static func mechanism(of outcome: PlainOutcome) -> String {
        switch outcome {
        case .ok, .notSent: "none"
        case .synTimeout, .midStall: "drop"
        case .refused, .refusedFast, .refusedFull, .connectReset, .midReset: "reset"
        case .icmp: "icmp-reject"
        case .connectClosed, .midClosed, .appError: "close"
        case .connectSilence, .midStallAtReceiver: "silence"
        case .slowLossy: "loss"
        case .slowShaped: "rate"
        case .lateConnect: "delay"
        }
    }
}
