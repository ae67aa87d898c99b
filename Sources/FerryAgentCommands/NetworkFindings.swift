internal import FerryAddress
internal import FerryCore
internal import FerryPreCheck
internal import FerryReplication
internal import FerryTransport

extension PreCheckID {
    /// This server's identity.
    static let networkIdentity = PreCheckID("network.identity")
    /// The addresses of an endpoint's name.
    static let networkResolve = PreCheckID("network.resolve")
    /// The TCP handshake with an endpoint.
    static let networkConnect = PreCheckID("network.connect")
    /// The TLS handshake with an endpoint.
    static let networkTLS = PreCheckID("network.tls")
    /// What answers behind an endpoint.
    static let networkFerry = PreCheckID("network.ferry")
    /// Whose the job is.
    static let networkJob = PreCheckID("network.job")
    /// The address that the staging server sees.
    static let networkAddress = PreCheckID("network.address")
    /// How long a question takes.
    static let networkRoundTrip = PreCheckID("network.round-trip")
    /// How fast content arrives.
    static let networkRate = PreCheckID("network.rate")
}

/// What is to be thought of what trying the endpoints showed.
struct NetworkFindings {
    /// How much would be copied; zero if that is not known.
    var used: ByteCount
    /// The rate budget that was kept to.
    var limit: BitRate?

    func of(_ measurements: [EndpointMeasurement], job: JobID?) -> [PreCheckFinding] {
        // One endpoint that works is enough to move; the others are there for when it does not.
        let failed: PreCheckFinding.Level = measurements.contains { $0.failure == nil } ? .warning : .critical
        var findings: [PreCheckFinding] = []
        for measurement in measurements { findings += of(measurement, failed) }
        if let job, let owner = measurements.compactMap(\.owner).first {
            findings.append(NetworkFindings.finding(owner, job))
        }
        return findings
    }

    private func of(_ measurement: EndpointMeasurement, _ failed: PreCheckFinding.Level) -> [PreCheckFinding] {
        let endpoint = measurement.endpoint
        var findings: [PreCheckFinding] = []
        if case .name = endpoint.host, let first = measurement.addresses.first {
            let more = measurement.addresses.count - 1
            let seen = "\(endpoint) is \(first.address)" + (more > 0 ? " and \(more) more; the first is used" : "")
            findings.append(PreCheckFinding(.networkResolve, .ok, seen))
        }
        if measurement.handshake != nil {
            let seen = "\(endpoint) answered \(measurement.source)"
            findings.append(PreCheckFinding(.networkConnect, .ok, seen))
        }
        if let handshake = measurement.handshake, measurement.failure?.step != .tls {
            let time = NetworkFindings.words(handshake)
            let seen = "\(endpoint) and this server trust each other over TLS 1.3 after \(time)"
            findings.append(PreCheckFinding(.networkTLS, .ok, seen))
        }
        if !measurement.release.isEmpty {
            let seen =
                "\(endpoint) is a staging server of release \(measurement.release), protocol \(measurement.version)"
            findings.append(PreCheckFinding(.networkFerry, .ok, seen))
            findings.append(NetworkFindings.address(measurement))
        }
        if let roundTrip = measurement.roundTrip {
            findings.append(NetworkFindings.roundTrip(measurement, roundTrip))
        }
        if let failure = measurement.failure {
            findings.append(NetworkFindings.failure(failure, endpoint, failed))
        } else {
            findings.append(rate(measurement))
        }
        return findings
    }

    private static func address(_ measurement: EndpointMeasurement) -> PreCheckFinding {
        let isSame = host(measurement.source) == host(measurement.observed)
        let seen =
            "\(measurement.endpoint) sees this server as \(measurement.observed)"
            + (isSame ? "" : ": the address \(host(measurement.source)) is translated on the way")
        return PreCheckFinding(.networkAddress, .ok, seen)
    }

    private static func host(_ address: String) -> String {
        address.lastIndex(of: ":").map { String(address[..<$0]) } ?? address
    }

    private static func roundTrip(_ measurement: EndpointMeasurement, _ median: Duration) -> PreCheckFinding {
        let times = measurement.roundTrips
        var seen = "A question to \(measurement.endpoint) takes \(words(median))"
        if let least = times.min(), let most = times.max() {
            seen += " (median of \(times.count), \(words(least)) to \(words(most)))"
        }
        guard median > .seconds(1) else { return PreCheckFinding(.networkRoundTrip, .ok, seen) }
        let advice = "Look for a queue on the way: something sends more than the link carries."
        return PreCheckFinding(.networkRoundTrip, .warning, seen, advice: advice)
    }

    private func rate(_ measurement: EndpointMeasurement) -> PreCheckFinding {
        let endpoint = measurement.endpoint
        guard let rate = measurement.rate else {
            let reason = measurement.rateFailure?.cause ?? "too little arrived in the time there was"
            return .unchecked(
                .networkRate,
                "The rate to \(endpoint)",
                because: reason,
                advice: measurement.rateFailure?.advice ?? "Try again when the link is less busy."
            )
        }
        var seen =
            "Content reaches \(endpoint) at \(rate.rate) (\(rate.sent) in \(NetworkFindings.words(.seconds(rate.seconds)))"
            + (limit.map { ", kept to \($0)" } ?? "") + ")"
        var advice: [String] = []
        if used > .zero, rate.rate.bitsPerSecond > 0 {
            let seconds = Double(used.bytes) / rate.rate.bytesPerSecond
            seen += "; \(used) take at most \(NetworkFindings.words(seconds: seconds)) at that rate"
            if seconds > 7 * 86400 { advice.append("Begin early, or find a faster way for the first pass.") }
        }
        if let lost = NetworkFindings.sentAgain(measurement, rate), lost > 0.01 {
            seen += "; \(Words.tenths(lost * 100)) % of the packets had to be sent again"
            advice.append("Look for the link that loses packets: several lanes (--lanes) help meanwhile.")
        }
        if rate.rate < .megabits(1), limit == nil { advice.append("Move when the link is less busy.") }
        return PreCheckFinding(
            .networkRate,
            advice.isEmpty ? .ok : .warning,
            seen,
            advice: advice.joined(separator: " ")
        )
    }

    /// The part of the packets that was sent more than once, if they were enough to speak of.
    private static func sentAgain(_ measurement: EndpointMeasurement, _ rate: EndpointMeasurement.Rate) -> Double? {
        guard let tcp = measurement.tcp, tcp.segmentSize > 0, tcp.retransmits >= 20 else { return nil }
        return Double(tcp.retransmits) * Double(tcp.segmentSize) / Double(max(1, rate.sent.bytes))
    }

    private static func finding(_ owner: EndpointMeasurement.Owner, _ job: JobID) -> PreCheckFinding {
        switch owner {
        case .anotherAgent:
            PreCheckFinding(
                .networkJob,
                .critical,
                "The job \(job) belongs to another agent",
                advice: "Use another job name, or the identity that the job began with."
            )
        case .thisAgent: PreCheckFinding(.networkJob, .ok, "The job \(job) belongs to this agent already and goes on")
        case .nobody: PreCheckFinding(.networkJob, .ok, "The job \(job) is free")
        }
    }

    private static func failure(
        _ failure: EndpointMeasurement.Failure,
        _ endpoint: EndpointAddress,
        _ level: PreCheckFinding.Level
    ) -> PreCheckFinding {
        let error = failure.error
        switch failure.step {
        case .resolve:
            return PreCheckFinding(
                .networkResolve,
                level,
                "\(endpoint) has no address: \(error.cause)",
                advice: error.advice
            )
        case .connect:
            let seen = "\(endpoint) cannot be reached: \(error.cause)"
            return PreCheckFinding(.networkConnect, level, seen, advice: connectAdvice(failure, endpoint))
        case .tls:
            return PreCheckFinding(
                .networkTLS,
                level,
                "TLS with \(endpoint) failed: \(error.cause)",
                advice: error.advice
            )
        case .ferry:
            let seen = "\(endpoint) lets TLS begin and then does not go on: \(error.cause)"
            return PreCheckFinding(.networkFerry, level, seen, advice: error.advice)
        case .transfer:
            let seen = "The connection to \(endpoint) was cut after \(failure.arrived) had arrived: \(error.cause)"
            let advice =
                "Try once more. If it is cut again, at about the same amount or age, something on the way ends "
                + "connections that carry more than a greeting: compare another port and another place to call from, "
                + "and ask who runs the firewalls."
            return PreCheckFinding(.networkRate, level, seen, advice: advice)
        }
    }

    private static func connectAdvice(
        _ failure: EndpointMeasurement.Failure,
        _ endpoint: EndpointAddress
    ) -> String {
        switch failure.end?.outcome {
        case "SYN_TIMEOUT":
            "Let TCP to port \(endpoint.port) out of this server and its site, and into the staging server. If it works "
                + "from elsewhere, or other ports of the same address answer, something on the way blocks exactly this: "
                + "ask who runs it, and do not try in bursts."
        case "REFUSED_FULL":
            "See that \"ferry staging serve\" runs there and listens on port \(endpoint.port); a firewall may also refuse "
                + "in its name."
        case "ICMP": "See the routes and the firewalls of this server and its site."
        default: failure.error.advice
        }
    }

    /// A short time: `45 µs`, `12.3 ms`, `1.6 s`.
    static func words(_ duration: Duration) -> String {
        switch duration {
        case ..<(.milliseconds(1)): "\(Int(duration / .microseconds(1))) µs"
        case ..<(.seconds(1)): "\(Words.tenths(duration / .milliseconds(1))) ms"
        default: "\(Words.tenths(duration / .seconds(1))) s"
        }
    }

    /// A time that nobody needs to the second.
    static func words(seconds: Double) -> String {
        switch seconds {
        case ..<90: "\(max(1, Int(seconds.rounded(.up)))) s"
        case ..<5400: "\(Int((seconds / 60).rounded(.up))) min"
        case ..<172_800: "\(Words.tenths(seconds / 3600)) h"
        default: "\(Words.tenths(min(seconds, 1e10) / 86400)) d"
        }
    }
}
