internal import FerryCore

extension DecisionTree {
    /// The host answers, and the port does not: who says no, and to whom?
    func ofPort(_ suspect: PlainProbe.Result, _ control: PlainProbe.Result?) throws(FerryError) -> Conclusion {
        let elsewhere = try questions.ask(.elsewhere, .suspect)
        // What takes the handshake here, and does not there, is not the service.
        let isProxied = elsewhere.map { !$0.isAnswered } ?? isNear(suspect, control)
        if suspect.isAnswered, isProxied {
            return leaf("syn-proxy-dead-backend", "source-egress", suspect, ["destination-port"])
        }
        if let elsewhere, !elsewhere.connects { return try ofFarSide(suspect) }
        if elsewhere == nil, let inRegion = try questions.ask(.inRegion, .suspect), !inRegion.connects {
            return try ofFarSide(suspect)
        }
        let otherCloud = try questions.ask(.source, .otherCloud)
        if isNear(suspect, control) || otherCloud.map({ !$0.connects }) ?? false {
            return try ofNearSide(suspect, control)
        }
        return try ofPolicy(suspect)
    }

    /// What answers in less than half the time that the host's own answer takes is not the host.
    func isNear(_ suspect: PlainProbe.Result, _ control: PlainProbe.Result?) -> Bool {
        guard let control, control.outcome == .ok else { return false }
        let (one, other) = (suspect.connectTime, control.connectTime)
        return one * 2 < other && other - one > .milliseconds(3)
    }

    /// It fails from elsewhere, too: at the cloud's door, or at the service?
    private func ofFarSide(_ suspect: PlainProbe.Result) throws(FerryError) -> Conclusion {
        let isRefused = !suspect.isAnswered && suspect.outcome != .synTimeout
        guard let inRegion = try questions.ask(.inRegion, .suspect) else {
            if isRefused {
                return leaf(
                    "service-not-listening",
                    "service",
                    suspect,
                    ["destination-port"],
                    rivals: ["security-group"]
                )
            }
            let causes =
                suspect.isAnswered
                ? ["service-refuses", "forged-close"]
                : ["security-group", "accept-queue-overflow", "return-route-missing"]
            let locus = suspect.isAnswered ? "service" : "cloud-network"
            return oneOf(causes, locus, suspect, partedBy: "a connection from inside the cloud")
        }
        guard !inRegion.connects else {
            // Elsewhere may have been an address of ours.
            if try questions.connectsFromOtherAddress() ?? false { return try ofPolicy(suspect) }
            return suspect.isAnswered
                ? leaf("forged-close", "cloud-edge", suspect, ["destination-port"])
                : leaf("security-group", "cloud-network", suspect, ["destination-port"])
        }
        if suspect.isAnswered, !inRegion.isAnswered {
            return leaf("syn-proxy-dead-backend", "cloud-edge", suspect, ["destination-port"])
        }
        let isSilent = [.synTimeout, .connectSilence].contains(suspect.outcome)
        let cause = isRefused ? "service-not-listening" : isSilent ? "accept-queue-overflow" : "service-refuses"
        return leaf(cause, "service", suspect, ["destination-port"])
    }

    /// The port fails to everybody, and not to others: it is lost on our side of the fork. How far out?
    private func ofNearSide(
        _ suspect: PlainProbe.Result,
        _ control: PlainProbe.Result?
    ) throws(FerryError) -> Conclusion {
        let neighbour = try questions.ask(.neighbour, .suspect)
        if neighbour?.connects ?? false { return leaf("source-firewall", "source-host", suspect, ["destination-port"]) }
        let firewall = suspect.outcome == .synTimeout ? "firewall-drop" : "firewall-reject"
        let edge = try questions.ask(.edge, .suspect)
        if edge?.connects ?? isNear(suspect, control) {
            return leaf(firewall, "source-firewall", suspect, ["destination-port"])
        }
        if edge != nil { return leaf("carrier-port-block", "carrier", suspect, ["destination-port"]) }
        return oneOf(
            [firewall, "carrier-port-block"] + (neighbour == nil ? ["source-firewall"] : []),
            "source-firewall",
            suspect,
            partedBy: "connections from another machine of the network and from the customer's outermost device"
        )
    }

    /// It works from elsewhere and to others: somebody at the far side has something against this source.
    private func ofPolicy(_ suspect: PlainProbe.Result) throws(FerryError) -> Conclusion {
        let isDropped = suspect.outcome == .synTimeout
        let isOnePort = try questions.ask(.source, .otherPort)?.connects ?? true
        guard let connects = try questions.connectsFromOtherAddress() else {
            let causes =
                isOnePort ? ["anti-abuse-block", "security-group"] : ["source-address-block", "security-group"]
            return oneOf(
                causes + (isDropped ? ["snat-port-exhaustion"] : ["host-ban"]),
                "cloud-edge",
                suspect,
                partedBy: "a connection from another source address, or the provider's block records"
            )
        }
        guard connects else {
            return leaf(
                "security-group",
                "cloud-network",
                suspect,
                ["destination-port"],
                Self.unsure,
                rivals: ["anti-abuse-block", "carrier-port-block"]
            )
        }
        guard isOnePort else { return leaf("source-address-block", "cloud-edge", suspect, ["source-address"]) }
        let isOneHost = try questions.ask(.source, .sameRegion)?.connects ?? false
        if isDropped { return try ofSilence(suspect, isOneHost: isOneHost) }
        // A policy of the cloud does not care which of its hosts it is. A limit of the host's own does, and says no before
        // the handshake.
        guard isOneHost, !suspect.isAnswered else { return block(suspect, isOneHost: isOneHost) }
        var limit = leaf(
            "concurrency-limit",
            "service",
            suspect,
            ["source-address", "destination-port"],
            Self.unsure,
            rivals: ["anti-abuse-block"]
        )
        (limit.trigger, limit.memory) = ("concurrency", "none")
        return limit
    }

    /// Requests of this source vanish: does something count them, or hold what it has used up?
    private func ofSilence(_ suspect: PlainProbe.Result, isOneHost: Bool) throws(FerryError) -> Conclusion {
        guard questions.keepSilent(Self.silence) else { return block(suspect, isOneHost: isOneHost) }
        var results: [PlainProbe.Result] = []
        for time in 8..<11 { if let one = try questions.ask(.source, .suspect, time: time) { results.append(one) } }
        let connected = results.filter(\.connects)
        guard let first = connected.first else { return block(suspect, isOneHost: isOneHost) }
        if connected.count < results.count { return try ofSome(suspect) }
        // It connects again: perhaps it is what moves that closes it.
        let transfer = try ofTransfer(first)
        if transfer.cause != "none" { return transfer }
        guard isOneHost else { return block(suspect, isOneHost: false) }
        var exhaustion = leaf(
            "snat-port-exhaustion",
            "source-egress",
            suspect,
            ["source-address", "destination-address", "destination-port"],
            Self.unsure,
            rivals: ["anti-abuse-block"]
        )
        (exhaustion.trigger, exhaustion.memory) = ("concurrency", "none")
        return exhaustion
    }

    /// The cloud's policy about (source address, port).
    func block(_ suspect: PlainProbe.Result, isOneHost: Bool) -> Conclusion {
        var block = leaf(
            "anti-abuse-block",
            "cloud-edge",
            suspect,
            ["source-address"] + (isOneHost ? ["destination-address"] : []) + ["destination-port"],
            isOneHost ? Self.unsure : Self.sure,
            rivals: isOneHost ? ["snat-port-exhaustion"] : []
        )
        (block.trigger, block.memory) = ("connection-rate", "fixed")
        return block
    }
}
