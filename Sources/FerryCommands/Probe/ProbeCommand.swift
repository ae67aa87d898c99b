public import ArgumentParser
internal import FerryAddress
internal import FerryCore
public import FerryEvidence
internal import FerryProbe
internal import FerryProcess
internal import FerryResolver

/// `ferry probe`
struct ProbeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Connect to a port and tell what happens to the connection: a better telnet.",
        discussion: """
            Connects, hears the service, sends content if it is asked to, and tells for each connection what it came to, how \
            long the handshake and the first word took, how much arrived, and who ended it. Where it may capture packets, \
            also how far the packet had travelled that ended it.

              ferry probe 198.51.100.20:8703 --protocol rsync
              ferry probe 198.51.100.20:8703 --count 5 --interval 10s --bytes 1MiB
              ferry probe 198.51.100.20:8703 --ladder
              ferry probe 198.51.100.20:8703 --rate-steps 5M,20M,50M

            EXIT STATUS: 0 all worked, 3 not all, or it was interrupted, 2 the input is wrong, 1 Ferry failed.
            """
    )

    @Argument(help: "Where to, as HOST:PORT.") var to: String
    @Option(help: "How many connections, one after another.") var count = 1
    @Option(
        help: "From the beginning of one to that of the next; 2s if not given.",
        transform: ProbeTime.init(parsing:)
    )
    var interval: ProbeTime?
    @Option(name: .customLong("protocol"), help: "What is spoken there: tcp (if not given), http, tls, rsync or ferry.")
    var speaks: ServiceProtocol?
    @Option(help: "The address to call from.") var from: String?
    @Option(help: "The port to call from.") var fromPort: UInt16?
    @Option(help: "How much is sent once the service was heard, as 1MiB.") var bytes: String?
    @Option(help: "What is sent: random (if not given), real or inverted (real with every bit turned over).")
    var payload: ProbePayload.Kind?
    @Option(help: "How fast it is sent, as 20Mbit/s.") var rate: String?
    @Option(help: "Silence between hearing the service and sending, as 30s.", transform: ProbeTime.init(parsing:))
    var idle: ProbeTime?
    @Flag(help: "Send keep-alives during the silence.") var keepAlive = false
    @Option(help: "Connections at the same time; the others are held while the last is measured.") var concurrency = 1
    @Option(help: "How long to wait for the handshake; 4s if not given.", transform: ProbeTime.init(parsing:))
    var connectWait: ProbeTime?
    @Option(
        help: "How long to wait for the service's first word; 3s if not given.",
        transform: ProbeTime.init(parsing:)
    )
    var answerWait: ProbeTime?
    @Option(help: "The maximum segment size, in bytes.") var segment: Int?
    @Option(help: "The time to live of what is sent.") var ttl: Int?
    @Flag(help: "Only send a request of our own making and look at the answer; needs CAP_NET_RAW.") var halfOpen = false
    @Flag(help: "Offer ECN in a request of our own making.") var ecn = false
    @Option(help: "Options that the request lacks: window-scale; with --half-open also sack, timestamps.")
    var without: [RequestOption] = []
    @Flag(help: "Capture packet headers; needs CAP_NET_RAW.") var capture = false
    @Flag(help: "Instead: who answers at which distance, by requests with a rising time to live.") var ladder = false
    @Flag(help: "The same with content on a connection.") var contentLadder = false
    @Option(
        help: "Instead: from which rate on it breaks, and how long queues are; rising rates, as 5M,20M,50M (M: Mbit/s)."
    )
    var rateSteps: String?
    @Option(help: "For how many seconds each rate of --rate-steps is offered; 5 if not given.") var stepSeconds: Double?
    @Flag(help: "Print one JSON object a line.") var json = false

    func validate() throws {
        guard (1...10_000).contains(count) else {
            throw ValidationError("--count \(count): it has to be from 1 to 10000.")
        }
        guard (1...512).contains(concurrency) else {
            throw ValidationError("--concurrency \(concurrency): it has to be from 1 to 512.")
        }
        guard fromPort != 0 else { throw ValidationError("--from-port 0: it has to be from 1 to 65535.") }
        guard ttl.map({ (1...255).contains($0) }) ?? true else {
            throw ValidationError("--ttl: it has to be from 1 to 255.")
        }
        guard segment.map({ (88...32_767).contains($0) }) ?? true else {
            throw ValidationError("--segment: it has to be from 88 to 32767 bytes.")
        }
        try validateTogether()
        guard rate == nil || bytes != nil else { throw ValidationError("--rate goes with --bytes.") }
        guard interval == nil || count > 1 else {
            throw ValidationError("--interval goes with --count: how many connections it lies between.")
        }
        guard payload == nil || bytes != nil || rateSteps != nil else {
            throw ValidationError("--payload goes with --bytes: how much of it is sent.")
        }
        guard !keepAlive || idle != nil else {
            throw ValidationError("--keep-alive goes with --idle: they are sent during that silence.")
        }
        if let bytes, !ProbeCommand.isSize(bytes) {
            throw ValidationError("--bytes \(bytes): give a size with its unit, as 1MiB, over 0 and at most 64GiB.")
        }
        try validateSource()
        try validateRateSteps()
        guard halfOpen || (!ecn && without.allSatisfy { $0 == .windowScale }) else {
            throw ValidationError(
                "--ecn and --without sack or timestamps go with --half-open: else the kernel makes the request."
            )
        }
    }

    private static func isSize(_ text: String) -> Bool {
        guard let size = try? ByteCount(parsing: text) else { return false }
        return size > .zero && size <= .gibibytes(64)
    }

    private func validateSource() throws {
        guard let from else { return }
        guard let address = IPAddress(parsing: from) else {
            throw ValidationError("--from \(from): it is no address. Give one of this host, as 192.0.2.7.")
        }
        guard HostAddresses.has(address) else {
            throw ValidationError("--from \(from): this host has no such address; `ip address` shows those it has.")
        }
    }

    private func validateRateSteps() throws {
        guard let rateSteps else {
            if stepSeconds != nil { throw ValidationError("--step-seconds goes with --rate-steps.") }
            return
        }
        _ = try RateStepsPlan(parsing: rateSteps, stepSeconds: stepSeconds ?? ProbeCommand.usualStepSeconds)
    }

    /// Some round trips of the longest path, and few enough that several steps are a matter of a minute.
    private static let usualStepSeconds = 5.0

    func run() async throws {
        DescriptorLimit.raise()
        let endpoint = try EndpointAddress(parsing: to)
        let resolver = Resolver(.ofThisServer())
        let places = try await resolve(endpoint, resolver)
        try checkFamily(places)
        let plan = try plan(endpoint, places)
        if ladder || contentLadder {
            let climb = LadderReport(sends: ladder ? .request : .payload, plan: plan, isJSON: json)
            return try await climb.run(resolver)
        }
        if let rateSteps {
            let steps = try RateStepsPlan(parsing: rateSteps, stepSeconds: stepSeconds ?? ProbeCommand.usualStepSeconds)
            let run = RateStepsRun(steps: steps, plan: plan, payload: payload ?? .random, isJSON: json)
            return try await StopSignals.cancelling { try await run.run(resolver) }
        }
        let series = ProbeSeries(plan: plan, count: count, interval: interval?.seconds ?? 2, isJSON: json)
        try await StopSignals.cancelling { try await series.run(resolver) }
    }

    /// Asking name servers takes seconds when they do not answer.
    private func resolve(_ endpoint: EndpointAddress, _ resolver: Resolver) async throws -> [IPEndpoint] {
        try await ProgressLine.tell { [to] _ in
            "finding the address of \(to)"
        } while: {
            try await Task.detached { try resolver.endpoints(of: endpoint) }.value
        }
    }

    /// A name may lead to addresses of both families; then the one of `--from` is taken.
    private func checkFamily(_ places: [IPEndpoint]) throws(FerryError) {
        guard let from, let source = IPAddress(parsing: from) else { return }
        guard !places.contains(where: { $0.address.isIPv6 == source.isIPv6 }) else { return }
        let (own, other) = source.isIPv6 ? ("IPv6", "IPv4") : ("IPv4", "IPv6")
        throw FerryError(
            .probeSourceFamily,
            operation: "probe",
            subject: "\(to) from \(from)",
            cause: "\(from) is \(own), and \(to) is \(other)",
            advice: "Give an \(other) address of this host with --from, or leave it out."
        )
    }

    private func plan(_ endpoint: EndpointAddress, _ places: [IPEndpoint]) throws -> ProbePlan {
        let host: String
        switch endpoint.host {
        case .address(let address): host = "\(address)"
        case .name(let name): host = "\(name)"
        }
        var plan = ProbePlan(id: "p1", vantage: "here", host: host, port: endpoint.port, speaks: speaks ?? .tcp)
        plan.sourceAddress = from
        plan.sourcePort = fromPort
        plan.connectSeconds = connectWait?.seconds ?? 4
        plan.answerSeconds = answerWait?.seconds ?? 3
        plan.idleSeconds = idle?.seconds
        plan.keepsAlive = keepAlive ? true : nil
        plan.concurrency = concurrency > 1 ? concurrency : nil
        plan.captures = capture || halfOpen ? true : nil
        plan.isHalfOpen = halfOpen ? true : nil
        plan.limitSeconds = plan.connectSeconds + plan.answerSeconds + (idle?.seconds ?? 0) + 10
        if let bytes { try add(bytes, to: &plan) }
        var options = ProbeOptions()
        options.maximumSegment = segment
        options.timeToLive = ttl
        if halfOpen {
            options.ecn = ecn
            options.windowScale = !without.contains(.windowScale)
            options.selectiveAcknowledgement = !without.contains(.sack)
            options.timestamps = !without.contains(.timestamps)
        } else if without.contains(.windowScale) {
            options.windowScale = false
        }
        if options != ProbeOptions() { plan.options = options }
        return plan
    }

    private func add(_ text: String, to plan: inout ProbePlan) throws {
        let size = try ByteCount(parsing: text)
        let rate = try self.rate.map { text throws(FerryError) in try BitRate(parsing: text) }
        let perSecond = rate.map { Double($0.bitsPerSecond) }
        plan.payload = ProbePayload(payload ?? .random, bytes: size.int, bitsPerSecond: perSecond)
        // At a rate, its time and half as much; without one, that of a line of 1 Mbit/s.
        let seconds = plan.limitSeconds + max(20, Double(size.bytes) * 8 / (perSecond ?? 1e6) * 1.5)
        plan.limitSeconds = min(seconds, ProbeRun.longestSeconds)
    }
}

/// An option of a request that can be left out.
enum RequestOption: String, ExpressibleByArgument, CaseIterable {
    case windowScale = "window-scale"
    case sack
    case timestamps
}

extension ProbePayload.Kind: ExpressibleByArgument {}
