extension ExpertTree {
    /// No port of the suspect's host answers the source: is it the host, the address, or everything?
    static func ofHost(_ found: FixedBattery.Findings) -> Conclusion {
        let mechanism = mechanism(of: found.suspect.last?.outcome ?? .synTimeout)
        if !found.others.isEmpty, found.others.values.allSatisfy({ $0.outcome != .ok }) {
            return ofEverything(found, mechanism)
        }
        if found.elsewhere.map({ $0.outcome != .ok }) ?? false {
            // Nobody on the Internet reaches it. A server without a way out cannot reach anybody either.
            if let outward = found.outward, outward.outcome != .ok {
                return Conclusion(
                    cause: "return-route-missing",
                    locus: "service",
                    mechanism: "drop",
                    confidence: 0.85,
                    rivals: ["destination-black-hole"]
                )
            }
            if found.inRegion.map({ $0.outcome != .ok }) ?? false {
                return Conclusion(
                    cause: "service-not-listening",
                    locus: "service",
                    mechanism: mechanism,
                    confidence: 0.5,
                    rivals: ["security-group", "return-route-missing"]
                )
            }
            return Conclusion(
                cause: "destination-black-hole",
                locus: "cloud-edge",
                mechanism: "drop",
                selector: ["destination-address"],
                memory: "fixed",
                confidence: 0.6,
                rivals: ["return-route-missing", "security-group"]
            )
        }
        // Others reach it, and the source reaches others.
        if found.others["same-region"]?.outcome == .ok {
            return Conclusion(
                cause: "host-ban",
                locus: "service",
                mechanism: mechanism == "reset" ? "icmp-reject" : mechanism,
                selector: ["source-address"],
                trigger: "connection-rate",
                memory: "fixed",
                confidence: 0.7,
                rivals: ["source-address-block", "anti-abuse-block"]
            )
        }
        return Conclusion(
            cause: "source-address-block",
            locus: "cloud-edge",
            mechanism: mechanism,
            selector: ["source-address"],
            confidence: 0.7,
            rivals: ["host-ban", "carrier-black-hole"]
        )
    }

    /// The source reaches nothing: how far out does it begin?
    private static func ofEverything(_ found: FixedBattery.Findings, _ mechanism: String) -> Conclusion {
        if found.neighbour?.outcome == .ok {
            return Conclusion(
                cause: "source-firewall",
                locus: "source-host",
                mechanism: mechanism,
                confidence: 0.7,
                rivals: ["lan-loss"]
            )
        }
        if found.edge?.outcome == .ok {
            return Conclusion(
                cause: "firewall-drop",
                locus: "source-firewall",
                mechanism: mechanism,
                confidence: 0.6,
                rivals: ["source-address-block"]
            )
        }
        return Conclusion(
            cause: "carrier-black-hole",
            locus: "carrier",
            mechanism: mechanism,
            confidence: found.edge == nil ? 0.5 : 0.7,
            rivals: ["source-address-block", "firewall-drop"]
        )
    }
}
