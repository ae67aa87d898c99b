internal import FerryCore

extension DecisionTree {
    /// The connection stands: does its handshake look as it should, and what moves over it?
    func ofConnection(
        _ suspect: PlainProbe.Result,
        _ control: PlainProbe.Result?
    ) throws(FerryError) -> Conclusion {
        if suspect.evidence.contains(.noWindowScale) { return stripped("window-scale-stripped") }
        if suspect.evidence.contains(.noSack) { return stripped("sack-stripped") }
        if suspect.outcome == .lateConnect, let late = try ofLateness(suspect) { return late }
        if isNear(suspect, control) {
            return Conclusion(
                cause: "transparent-proxy",
                locus: "carrier",
                mechanism: "rewrite",
                selector: ["destination-port"],
                confidence: Self.sure
            )
        }
        return try ofTransfer(suspect)
    }

    private func stripped(_ cause: String) -> Conclusion {
        Conclusion(
            cause: cause,
            locus: "carrier",
            mechanism: "rewrite",
            selector: ["options"],
            confidence: Self.sure
        )
    }

    /// A request for a connection was lost or late: by chance, always, or because a line is full?
    private func ofLateness(_ suspect: PlainProbe.Result) throws(FerryError) -> Conclusion? {
        guard try questions.ask(.source, .suspect, time: 1)?.outcome == .lateConnect else { return nil }
        if let neighbour = try questions.ask(.neighbour, .suspect), neighbour.outcome == .ok {
            // Both leave by the same line: it is what this one asks for.
            return Conclusion(
                cause: "ecn-syn-drop",
                locus: "carrier",
                mechanism: "drop",
                selector: ["options"],
                confidence: Self.sure,
                rivals: ["first-syn-drop"]
            )
        }
        let isLate = try questions.ask(.source, .unrelated).map { $0.outcome != .ok } ?? false
        return isLate ? fullLine : nil
    }

    /// The site's line is full.
    var fullLine: Conclusion {
        Conclusion(
            cause: "egress-saturation",
            locus: "source-egress",
            mechanism: "delay",
            trigger: "aggregate-rate",
            memory: "none",
            confidence: Self.sure,
            rivals: ["random-loss"]
        )
    }

    /// Content: much of it, some after a silence, and many connections.
    func ofTransfer(_ suspect: PlainProbe.Result) throws(FerryError) -> Conclusion {
        if let large = try questions.ask(.source, .suspect, .large) {
            if large.outcome == .midStallAtReceiver {
                return leaf("receiver-stalled", "service", large, ["destination-port"])
            }
            if [.midReset, .midClosed, .midStall].contains(large.outcome) { return try ofCut(large) }
            if large.evidence.contains(.reordering) {
                return Conclusion(
                    cause: "reordering",
                    locus: "carrier",
                    mechanism: "delay",
                    confidence: Self.sure,
                    rivals: ["random-loss"]
                )
            }
            if large.outcome == .slowLossy || questions.isSlow(large, .large) { return try ofPace(large) }
        }
        if let idle = try ofIdle() { return idle }
        if let many = try ofMany() { return many }
        return Conclusion(cause: "none", locus: nil, mechanism: "none", memory: "none", confidence: Self.sure)
    }

    /// A silence that a mover makes when its disk is slow, or nothing changes. Nil if that is well.
    private func ofIdle() throws(FerryError) -> Conclusion? {
        guard let idle = try questions.ask(.source, .suspect, .afterIdle),
            [.midReset, .midClosed, .midStall].contains(idle.outcome)
        else { return nil }
        var end: Conclusion
        if idle.outcome == .midClosed {
            end = leaf("application-timeout", "service", idle, ["destination-port"])
        } else if let lasting = try questions.ask(.source, .suspect, .lasting), lasting.outcome != .ok,
            [.midReset, .midClosed, .midStall].contains(lasting.outcome)
        {
            end = leaf("lifetime-kill", "cloud-edge", lasting)
            (end.trigger, end.memory) = ("age", "none")
            return end
        } else if try questions.ask(.source, .otherPort, .afterIdle)?.outcome == .ok {
            end = leaf("load-balancer", "cloud-network", idle, ["destination-port"])
            end.remedy = "send-keepalives"
        } else if let edge = try questions.ask(.edge, .suspect, .afterIdle), edge.outcome != .ok {
            end = leaf("idle-timeout", "carrier", idle)
        } else {
            end = leaf("idle-timeout", "source-firewall", idle)
        }
        (end.trigger, end.memory) = ("idle", "none")
        return end
    }
}
