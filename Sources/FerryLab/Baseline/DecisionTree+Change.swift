internal import FerryCore

extension DecisionTree {
    /// It failed, and a moment later it does not.
    func ofChange(
        _ failed: PlainProbe.Result,
        _ suspect: PlainProbe.Result,
        _ control: PlainProbe.Result?
    ) throws(FerryError) -> Conclusion {
        // Who says no does not do it by chance, as a lossy line does.
        guard failed.outcome == .synTimeout else {
            let failures = try questions.failuresOfSix(.elsewhere, .suspect) ?? 0
            return failures > 0
                ? leaf("service-refuses", "service", failed, ["destination-port"], Self.unsure)
                : block(failed, isOneHost: false)
        }
        return try ofConnection(suspect, control)
    }

    /// All is well with one connection: is it with six? Nil if it is.
    func ofMany() throws(FerryError) -> Conclusion? {
        var failed: PlainProbe.Result?
        _ = try questions.failuresOfSix(.source, .suspect)
        for time in 2..<8 {
            guard let result = try questions.ask(.source, .suspect, time: time) else { continue }
            if !result.connects { failed = failed ?? result }
        }
        guard let failed else { return nil }
        return try ofSome(failed)
    }

    /// Some connections are made, and some are not: whose are they?
    func ofSome(_ failed: PlainProbe.Result) throws(FerryError) -> Conclusion {
        if try questions.failuresOfSix(.source, .control) ?? 0 > 0 {
            return leaf("bad-ecmp-member", "carrier", failed, ["source-port"], rivals: ["random-loss"])
        }
        if try questions.failuresOfSix(.elsewhere, .suspect) ?? 0 > 0 {
            return leaf("load-balancer", "cloud-network", failed, ["source-port", "destination-port"])
        }
        guard failed.outcome == .synTimeout else { return block(failed, isOneHost: false) }
        // Only ours, and only there: they are counted.
        var limit = leaf(
            "syn-rate-limit",
            "cloud-edge",
            failed,
            ["source-address", "destination-port"],
            Self.unsure,
            rivals: ["anti-abuse-block"]
        )
        (limit.trigger, limit.memory) = ("connection-rate", "none")
        return limit
    }
}
