internal import FerryEvidence

/// What plans may ask for. Numbers beyond it are no measurement, and some of them no program could carry out: plans come
/// from somebody else, and one of them must not end a vantage.
enum PlanLimits {
    static let seconds = 0.0...3600
    static let bytes = 0...(1 << 40)
    static let bitsPerSecond = 1...1e12
    static let connections = 1...512
    /// What the kernel takes for a segment and for a time to live.
    static let segment = 88...32_767
    static let timeToLive = 1...255
    static let buffer = 1...(1 << 30)
    /// As many as a filter of packets has room for.
    static let watchedPorts = 0...60
    /// The same of one for any host, which has to take both families.
    static let watchedPortsOfAnyHost = 0...24
    static let ownPorts = 0...64
    static let peers = 0...16
    /// Bytes of a name or an address: it comes back in records and refusals.
    static let text = 0...300

    /// Why `value` may not be; nil if it may, or there is none. NaN is in no range.
    static func problem<Value>(_ name: String, _ value: Value?, _ range: ClosedRange<Value>) -> String? {
        guard let value, !range.contains(value) else { return nil }
        return "\(name) has to be from \(range.lowerBound) to \(range.upperBound)"
    }

    /// The same of the first of several durations.
    static func problem(seconds durations: KeyValuePairs<String, Double?>) -> String? {
        durations.lazy.compactMap { problem($0.key, $0.value, seconds) }.first
    }

    /// The same of the first of several texts' lengths.
    static func problem(lengthOf texts: [String?]) -> String? {
        texts.lazy.compactMap { problem("the length of each name", $0?.utf8.count, text) }.first
    }

    static func first(_ problems: [String?]) -> String? { problems.lazy.compactMap { $0 }.first }
}

extension ProbePlan {
    /// Why it cannot be carried out, whoever asks; nil if it can.
    var problem: String? {
        PlanLimits.first([
            PlanLimits.problem(lengthOf: [id, vantage, host, sourceAddress]),
            PlanLimits.problem(seconds: [
                "connectSeconds": connectSeconds, "answerSeconds": answerSeconds, "stallSeconds": stallSeconds,
                "idleSeconds": idleSeconds, "referenceRoundTripSeconds": referenceRoundTripSeconds,
            ]),
            PlanLimits.problem("limitSeconds", limitSeconds, 0...ProbeRun.longestSeconds),
            PlanLimits.problem("concurrency", concurrency, PlanLimits.connections),
            PlanLimits.problem("payload.bytes", payload?.bytes, PlanLimits.bytes),
            PlanLimits.problem(
                "payload.bytes of real content of TLS, which is one hello,",
                (speaks == .tls || speaks == .ferry) && payload?.kind == .real ? payload?.bytes : nil,
                0...ServiceProtocol.longestHello
            ),
            PlanLimits.problem("payload.bitsPerSecond", payload?.bitsPerSecond, PlanLimits.bitsPerSecond),
            PlanLimits.problem("options.maximumSegment", options?.maximumSegment, PlanLimits.segment),
            PlanLimits.problem("options.timeToLive", options?.timeToLive, PlanLimits.timeToLive),
            PlanLimits.problem("options.receiveBuffer", options?.receiveBuffer, PlanLimits.buffer),
        ])
    }
}

extension LadderPlan {
    /// Why it cannot be carried out, whoever asks; nil if it can.
    var problem: String? {
        PlanLimits.first([
            PlanLimits.problem(lengthOf: [id, vantage, host, sourceAddress]),
            PlanLimits.problem("most", most, PlanLimits.timeToLive),
            PlanLimits.problem(seconds: [
                "stepSeconds": stepSeconds, "stepSeconds of all steps": stepSeconds * Double(most),
            ]),
        ])
    }
}

extension WatchPlan {
    /// Why it cannot be carried out, whoever asks; nil if it can.
    var problem: String? {
        PlanLimits.first([
            PlanLimits.problem(lengthOf: [id, vantage, host]),
            PlanLimits.problem(seconds: ["limitSeconds": limitSeconds]),
            PlanLimits.problem(
                "the number of ports",
                ports.count,
                host.isEmpty ? PlanLimits.watchedPortsOfAnyHost : PlanLimits.watchedPorts
            ),
        ])
    }
}

extension HostPlan {
    /// Why it cannot be carried out, whoever asks; nil if it can.
    var problem: String? {
        PlanLimits.first([
            PlanLimits.problem("the number of peers", peers.count, PlanLimits.peers),
            PlanLimits.problem("the number of ownPorts", ownPorts.count, PlanLimits.ownPorts),
            PlanLimits.problem(lengthOf: [id, vantage] + peers),
        ])
    }
}
