internal import FerryCore

extension DecisionTree {
    /// No port of the suspect's host answers the source: is it the host, the address, or everything?
    func ofHost(_ suspect: PlainProbe.Result) throws(FerryError) -> Conclusion {
        if let unrelated = try questions.ask(.source, .unrelated), !unrelated.connects {
            return try ofEverything(suspect)
        }
        if let elsewhere = try questions.ask(.elsewhere, .suspect), !elsewhere.connects {
            return try ofHostToAll(suspect)
        }
        // Others reach it, and the source reaches others.
        if try questions.ask(.source, .sameRegion)?.connects ?? false {
            var ban = leaf("host-ban", "service", suspect, ["source-address"], rivals: ["source-address-block"])
            (ban.trigger, ban.memory) = ("connection-rate", "fixed")
            return ban
        }
        switch try questions.connectsFromOtherAddress() {
        case true?: return leaf("source-address-block", "cloud-edge", suspect, ["source-address"])
        case false?:
            return leaf("carrier-black-hole", "carrier", suspect, [], Self.unsure, rivals: ["source-address-block"])
        case nil:
            return leaf(
                "source-address-block",
                "cloud-edge",
                suspect,
                ["source-address"],
                Self.unsure,
                rivals: ["host-ban"]
            )
        }
    }

    /// Nobody reaches the host from outside: does it live, and does it answer?
    private func ofHostToAll(_ suspect: PlainProbe.Result) throws(FerryError) -> Conclusion {
        // Somebody at that address says no to everything, as a machine does that has never heard of the service.
        if [.refused, .refusedFull, .refusedFast].contains(suspect.outcome) {
            return leaf(
                "stale-staging-address",
                "service",
                suspect,
                ["destination-address"],
                Self.unsure,
                rivals: ["service-not-listening"]
            )
        }
        // A server without a route cannot reach anybody either, and knows it at once.
        if let outward = try questions.ask(.staging, .unrelated), [.icmp, .notSent].contains(outward.outcome) {
            return leaf("return-route-missing", "service", suspect)
        }
        let inRegion = try questions.ask(.inRegion, .suspect)
        if let inRegion, !inRegion.connects {
            return leaf("service-not-listening", "service", suspect, [], Self.unsure, rivals: ["stale-staging-address"])
        }
        var hole = leaf(
            "destination-black-hole",
            "cloud-edge",
            suspect,
            ["destination-address"],
            inRegion == nil ? Self.unsure : Self.sure,
            rivals: ["return-route-missing", "security-group"]
        )
        hole.memory = "fixed"
        return hole
    }

    /// The source reaches nothing: how far out does it begin?
    private func ofEverything(_ suspect: PlainProbe.Result) throws(FerryError) -> Conclusion {
        if try questions.ask(.neighbour, .suspect)?.connects ?? false {
            return leaf("source-firewall", "source-host", suspect, rivals: ["firewall-session-limit"])
        }
        guard let edge = try questions.ask(.edge, .suspect) else {
            return oneOf(
                ["carrier-black-hole", "asymmetric-path", "firewall-drop"],
                "carrier",
                suspect,
                partedBy: "a connection from the customer's outermost device"
            )
        }
        guard edge.connects else { return leaf("carrier-black-hole", "carrier", suspect) }
        // No firewall is told to let nothing out; one that does not see both directions lets nothing in.
        return leaf("asymmetric-path", "source-firewall", suspect, [], Self.unsure, rivals: ["firewall-drop"])
    }
}
