internal import FerryCore

/// The questions of a flow chart, each of which is asked once: whoever comes by it again reads the answer that is noted.
final class ChartQuestions {
    /// Where somebody connects from.
    enum Place: String {
        /// Where it fails.
        case source
        /// Another machine of the source's network.
        case neighbour = "source-host"
        /// The customer's outermost device.
        case edge = "source-egress"
        /// Somewhere else on the Internet.
        case elsewhere = "other-public"
        /// Inside the cloud.
        case inRegion = "cloud-network"
        /// The staging server.
        case staging = "service"
    }

    /// Where to.
    enum Target: String {
        /// What fails.
        case suspect
        /// The other service of the same host.
        case control
        /// Another port of the same service.
        case otherPort
        /// Another host of the same region, at the same port.
        case sameRegion = "same-region"
        /// Another cloud, at the same port.
        case otherCloud = "other-cloud"
        /// Somebody else.
        case unrelated
    }

    /// What is moved.
    enum Load: Int {
        /// The size that fills whatever buffers there are on the way.
        case large = 8_388_608
        /// Enough for a comparison.
        case some = 2_097_152
        /// Some hundred kilobytes of other content.
        case otherContent = 1_048_576
        /// Less than any limit that is worth its name.
        case small = 49_152
        /// The same in short packets.
        case short = 49_153
        /// A while of short packets, slowly.
        case steady = 524_288
        /// The same for longer than the silence before `afterIdle`.
        case lasting = 2_097_153
        /// A little, after a silence.
        case afterIdle = 16_384
    }

    /// How long nothing is sent before `Load.afterIdle`.
    static let idle = Duration.seconds(6)
    /// From one segment in sixty sent twice on, a line is lossy.
    static let lossyFrom = 1.0 / 60

    private struct Question: Hashable {
        let ask: PlainAsk
        let time: Int
    }

    let prober: Prober
    let grants: Grants
    private let pass: (Duration) -> Void
    private var answers: [Question: PlainProbe.Result] = [:]

    init(_ prober: Prober, _ grants: Grants, wait: @escaping (Duration) -> Void) {
        self.prober = prober
        self.grants = grants
        pass = wait
    }

    /// What a connection meets; nil if the site does not offer it.
    /// - Parameter time: which one it is of several that are the question together.
    func ask(
        _ place: Place,
        _ target: Target,
        _ load: Load? = nil,
        time: Int = 0
    ) throws(FerryError) -> PlainProbe.Result? {
        let vantage = place == .source ? prober.source : prober.vantage(at: place.rawValue)
        return try ask(vantage, endpoint(target), load, time)
    }

    /// How many of six connections, one right after the other, are not made; nil if the site does not offer them.
    func failuresOfSix(_ place: Place, _ target: Target) throws(FerryError) -> Int? {
        var failures = 0
        for time in 2..<8 {
            guard let result = try ask(place, target, time: time) else { return nil }
            if !result.connects { failures += 1 }
        }
        return failures
    }

    /// Whether the suspect is reached from another address of the site; nil if there is none, or it is not to be used.
    func connectsFromOtherAddress() throws(FerryError) -> Bool? {
        guard grants.allow.contains(.sourceAddressSwap) else { return nil }
        var answer: Bool?
        for address in prober.site.sourceAddresses where address.via != nil {
            guard let result = try ask(address.via, prober.site.suspect, nil, 0) else { continue }
            answer = result.connects
            if result.connects { break }
        }
        return answer
    }

    /// Keeps away for a while.
    /// - Returns: whether that is allowed.
    func keepSilent(_ time: Duration) -> Bool {
        guard grants.allow.contains(.silence) else { return false }
        pass(time)
        prober.note(wait: time)
        return true
    }

    /// Whether `result` moved as much as a line of the site should: a tenth of its capacity, and of a small one a half.
    func isSlow(_ result: PlainProbe.Result, _ load: Load) -> Bool {
        if result.outcome == .slowShaped { return true }
        guard result.outcome == .ok else { return false }
        let capacity = (prober.site.uplink ?? .megabits(100)).bytesPerSecond
        let least = max(capacity / 10, min(capacity / 2, BitRate.megabits(10).bytesPerSecond))
        // A connection takes some round trips to get up to speed.
        let usual = 20 * result.connectTime.inSeconds + Double(load.rawValue) / least
        return (result.time - result.connectTime).inSeconds > usual
    }

    private func ask(
        _ vantage: String?,
        _ endpoint: Topology.Site.Endpoint?,
        _ load: Load?,
        _ time: Int
    ) throws(FerryError) -> PlainProbe.Result? {
        guard let vantage, let endpoint else { return nil }
        var change = PlainAsk(vantage: vantage, host: endpoint.host, port: endpoint.port)
        if let load {
            change.bytes = load.rawValue
            change.content = load == .otherContent ? .inverted : .own
            change.isPaced = [.short, .steady, .lasting].contains(load)
            change.idle = load == .afterIdle ? ChartQuestions.idle : .zero
            change.lossyFrom = ChartQuestions.lossyFrom
        }
        let question = Question(ask: change, time: time)
        if let answer = answers[question] { return answer }
        let answer = try prober.ask(vantage, endpoint) { $0 = change }
        answers[question] = answer
        return answer
    }

    private func endpoint(_ target: Target) -> Topology.Site.Endpoint? {
        let site = prober.site
        switch target {
        case .suspect: return site.suspect
        case .control: return site.controls.first
        case .otherPort:
            return site.alternatePorts.first.map { port in
                var endpoint = site.suspect
                endpoint.port = port
                return endpoint
            }
        case .sameRegion, .otherCloud, .unrelated:
            return site.otherDestinations.first { $0.relation == target.rawValue }
        }
    }
}

extension PlainProbe.Result {
    /// Whether the connection stood and the service spoke, whatever became of it then.
    var connects: Bool {
        switch outcome {
        case .ok, .slowLossy, .slowShaped, .lateConnect, .midReset, .midClosed, .midStall, .midStallAtReceiver: true
        default: false
        }
    }

    /// Whether somebody has answered the handshake with a yes.
    var isAnswered: Bool {
        connects || [.connectReset, .connectClosed, .connectSilence, .appError].contains(outcome)
    }
}
