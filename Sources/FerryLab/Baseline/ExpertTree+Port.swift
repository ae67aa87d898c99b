extension ExpertTree {
    /// The host answers, and the port does not: who says no, and to whom?
    static func ofPort(_ found: FixedBattery.Findings) -> Conclusion {
        guard let suspect = found.suspect.last else {
            return Conclusion(cause: "unmodelled", locus: nil, mechanism: "none", confidence: 0)
        }
        let isNear = isNear(suspect, found.control)
        let failsElsewhere = found.elsewhere.map { $0.outcome != .ok } ?? false
        switch suspect.outcome {
        case .refused, .icmp:
            if isNear { return ofNearRefusal(found, suspect.outcome) }
            return failsElsewhere ? ofService("service-not-listening", suspect.outcome) : ofPolicy(found)
        case .connectSilence:
            if isNear {
                return Conclusion(
                    cause: "syn-proxy-dead-backend",
                    locus: "source-egress",
                    mechanism: "silence",
                    selector: ["destination-port"],
                    confidence: 0.8,
                    rivals: ["firewall-drop"]
                )
            }
            return failsElsewhere ? ofService("accept-queue-overflow", suspect.outcome) : ofPolicy(found)
        case .connectReset, .connectClosed:
            return failsElsewhere ? ofService("service-refuses", suspect.outcome) : ofPolicy(found)
        default:
            return failsElsewhere ? ofSilenceToAll(found) : ofSilence(found)
        }
    }

    /// What answers in less than half the time that the host's own answer takes is not the host.
    private static func isNear(_ suspect: PlainProbe.Result, _ control: [PlainProbe.Result]) -> Bool {
        guard let least = control.filter({ $0.outcome == .ok }).map(\.connectTime).min() else { return false }
        return suspect.connectTime * 2 < least
    }

    private static func ofNearRefusal(_ found: FixedBattery.Findings, _ outcome: PlainOutcome) -> Conclusion {
        let isOwn = found.neighbour?.outcome == .ok
        return Conclusion(
            cause: isOwn ? "source-firewall" : "firewall-reject",
            locus: isOwn ? "source-host" : "source-firewall",
            mechanism: mechanism(of: outcome),
            selector: ["destination-port"],
            confidence: 0.85,
            rivals: [isOwn ? "firewall-reject" : "source-firewall"]
        )
    }

    private static func ofService(_ cause: String, _ outcome: PlainOutcome) -> Conclusion {
        Conclusion(
            cause: cause,
            locus: "service",
            mechanism: mechanism(of: outcome),
            selector: ["destination-port"],
            confidence: 0.75,
            rivals: ["security-group"]
        )
    }

    /// It works from elsewhere, and whoever says no is as far away as the host: a policy of the cloud about this source.
    private static func ofPolicy(_ found: FixedBattery.Findings) -> Conclusion {
        let isAddress = found.otherAddress?.outcome == .ok
        return Conclusion(
            cause: "anti-abuse-block",
            locus: "cloud-edge",
            mechanism: mechanism(of: found.suspect.last?.outcome ?? .refused),
            selector: ["source-address", "destination-port"],
            trigger: "connection-rate",
            memory: "fixed",
            confidence: isAddress ? 0.85 : 0.65,
            rivals: ["forged-close", "service-refuses"]
        )
    }

    private static func ofSilenceToAll(_ found: FixedBattery.Findings) -> Conclusion {
        if found.inRegion.map({ $0.outcome != .ok }) ?? false { return ofService("accept-queue-overflow", .synTimeout) }
        return Conclusion(
            cause: "security-group",
            locus: "cloud-network",
            mechanism: "drop",
            selector: ["destination-port"],
            confidence: found.inRegion == nil ? 0.55 : 0.8,
            rivals: ["accept-queue-overflow", "service-not-listening"]
        )
    }

    /// Nothing comes back, and only for us. Where the port fails to everybody, it is lost on our side of the fork.
    private static func ofSilence(_ found: FixedBattery.Findings) -> Conclusion {
        if found.others["other-cloud"]?.outcome == .ok { return ofPolicy(found) }
        if found.neighbour?.outcome == .ok, found.edge?.outcome != .synTimeout {
            return Conclusion(
                cause: "source-firewall",
                locus: "source-host",
                mechanism: "drop",
                selector: ["destination-port"],
                confidence: 0.8,
                rivals: ["anti-abuse-block", "firewall-drop"]
            )
        }
        if found.edge?.outcome == .ok {
            return Conclusion(
                cause: "firewall-drop",
                locus: "source-firewall",
                mechanism: "drop",
                selector: ["destination-port"],
                confidence: 0.8,
                rivals: ["anti-abuse-block", "carrier-port-block"]
            )
        }
        return Conclusion(
            cause: "carrier-port-block",
            locus: "carrier",
            mechanism: "drop",
            selector: ["destination-port"],
            confidence: found.edge == nil ? 0.5 : 0.75,
            rivals: ["firewall-drop", "anti-abuse-block"]
        )
    }
}
