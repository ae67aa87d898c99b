internal import FerryCore

extension DecisionTree {
    /// Content is cut off: by what it is, by its size, by how much it is, or by whom it is from?
    func ofCut(_ large: PlainProbe.Result) throws(FerryError) -> Conclusion {
        var otherContent = try questions.ask(.source, .suspect, .otherContent)
        // What has been cut off may be kept out for a while.
        if otherContent.map({ !$0.connects }) ?? false, questions.keepSilent(Self.silence) {
            otherContent = try questions.ask(.source, .suspect, .otherContent, time: 1)
        }
        if otherContent?.outcome == .ok { return try ofContent(large) }
        if try questions.ask(.source, .suspect, .small)?.outcome == .ok {
            let isOnePort = try questions.ask(.source, .otherPort, .some)?.outcome == .ok
            var quota = leaf("byte-quota", "cloud-edge", large, isOnePort ? ["destination-port"] : [])
            (quota.trigger, quota.memory) = ("bytes", "none")
            return quota
        }
        if try questions.ask(.source, .suspect, .short)?.outcome == .ok {
            return leaf("mtu-black-hole", "carrier", large, ["size"])
        }
        if try questions.ask(.neighbour, .suspect, .some)?.outcome == .ok {
            // Nothing moves for one machine, whatever it is and whomever it is for.
            if let otherCloud = try questions.ask(.source, .otherCloud, .some), otherCloud.outcome != .ok {
                var flap = leaf("egress-address-flap", "source-egress", large, ["source-address"], Self.unsure)
                flap.mechanism = "rewrite"
                return flap
            }
        }
        let isAll = try questions.ask(.elsewhere, .suspect, .some).map { $0.outcome != .ok } ?? false
        return isAll
            ? leaf("service-refuses", "service", large, ["destination-port"], Self.unsure, rivals: ["receiver-stalled"])
            : leaf("payload-drop", "carrier", large, [], Self.unsure, rivals: ["mtu-black-hole", "random-loss"])
    }

    /// It is what the content says: who reads it?
    private func ofContent(_ large: PlainProbe.Result) throws(FerryError) -> Conclusion {
        let isInside = try questions.ask(.edge, .suspect, .some)?.outcome == .ok
        let isDropped = large.outcome == .midStall
        var cut = leaf(
            isInside && !isDropped ? "lan-injector" : isDropped ? "payload-drop" : "payload-reset",
            isInside ? "source-lan" : "carrier",
            large,
            ["payload"]
        )
        if isInside { cut.remedy = "bypass-middlebox" }
        (cut.trigger, cut.memory) = ("content", "none")
        return cut
    }

    /// Content comes too slowly, or is lost on the way: where, and does it depend on how fast it is?
    func ofPace(_ large: PlainProbe.Result) throws(FerryError) -> Conclusion {
        let isLossy = large.outcome == .slowLossy
        let mechanism = isLossy ? "loss" : "rate"
        if let edge = try questions.ask(.edge, .suspect, .some), isWell(edge) {
            let isOwn = try questions.ask(.neighbour, .suspect, .some).map(isWell) ?? false
            let cause = isOwn && !isLossy ? "source-slow" : "lan-loss"
            return leaf(cause, isOwn && !isLossy ? "source-host" : "source-lan", large, [])
        }
        if let elsewhere = try questions.ask(.elsewhere, .suspect, .some), !isWell(elsewhere),
            let sameRegion = try questions.ask(.source, .sameRegion, .some), isWell(sameRegion)
        {
            var cap = leaf("scrubbing-cap", "cloud-edge", large, ["destination-address"])
            (cap.mechanism, cap.trigger, cap.memory) = ("rate", "aggregate-rate", "fixed")
            return cap
        }
        var limit = Conclusion(
            cause: isLossy ? "policer" : "shaper",
            locus: "carrier",
            mechanism: mechanism,
            trigger: "aggregate-rate",
            memory: "none",
            confidence: Self.sure,
            rivals: ["egress-saturation"]
        )
        if let otherPort = try questions.ask(.source, .otherPort, .some), isWell(otherPort) {
            limit.selector = ["destination-port"]
            return limit
        }
        // Where even a request waits, a queue is full.
        if let unrelated = try questions.ask(.source, .unrelated), unrelated.connectTime > .milliseconds(300) {
            return fullLine
        }
        if isLossy, let steady = try questions.ask(.source, .suspect, .steady), steady.outcome == .slowLossy {
            return leaf("random-loss", "carrier", large, [])
        }
        return limit
    }

    private func isWell(_ result: PlainProbe.Result) -> Bool {
        [.ok, .lateConnect].contains(result.outcome) && !questions.isSlow(result, .some)
    }
}
