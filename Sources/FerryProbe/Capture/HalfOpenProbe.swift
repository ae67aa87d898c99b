internal import FerryAddress
internal import FerryEvidence
internal import Glibc

/// A request for a connection of our own making, with options of choice; the answer is only looked at. The kernel knows
/// nothing of it, and resets what answers.
struct HalfOpenProbe {
    private let plan: ProbePlan
    private let destination: IPEndpoint
    private let clock: ProbeClock
    private let stop: ProbeStop
    private let capture: ProbeCapture

    init(
        _ plan: ProbePlan,
        to destination: IPEndpoint,
        clock: ProbeClock,
        stop: ProbeStop,
        _ capture: ProbeCapture
    ) {
        self.plan = plan
        self.destination = destination
        self.clock = clock
        self.stop = stop
        self.capture = capture
    }

    func run(_ record: ProbeRecord) -> ProbeRecord {
        var record = record
        record.phase = .connect
        record.outcome = .notSent
        record.destination = "\(destination)"
        // A socket that is bound and not connected keeps the port from others.
        guard let (holder, source) = reserve() else {
            let problem = errno
            record.vantageProblem =
                "no port of \(plan.sourceAddress ?? "this host") could be kept: \(String(cString: strerror(problem)))"
            record.errorNumber = problem
            record.failure = FailureWords.of(problem)
            _ = capture.end()
            return record
        }
        defer { close(holder) }
        record.source = "\(source)"
        let packet = CraftedRequest(options: plan.options ?? ProbeOptions())
            .bytes(from: source, to: destination, sequence: .random(in: .min ... .max))
        let began = clock.now
        var flow = CapturedFlow()
        let problem = ask(packet, source.port, &flow)
        let ended = clock.now
        if problem == 0, flow.isAnswered { waitForMore(ended - began) }
        let flows = capture.end()
        record.add(flows, of: source.port)
        conclude(&record, flows[source.port] ?? flow, problem, began: began, ended: ended)
        record.durationSeconds = clock.seconds
        return record
    }

    /// Sends it, and again every second, as the kernel does, until something answers.
    private func ask(_ packet: [UInt8], _ port: UInt16, _ flow: inout CapturedFlow) -> Int32 {
        let sender = RawSender(to: destination)
        guard sender.isOpen else { return sender.problem }
        let end = min(
            clock.now + ProbeClock.nanoseconds(plan.connectSeconds),
            ProbeClock.nanoseconds(plan.limitSeconds)
        )
        var next = clock.now
        while clock.now < end, !stop.isSet {
            if clock.now >= next {
                let problem = sender.send(packet)
                guard problem == 0 else { return problem }
                next += 1_000_000_000
            }
            if let seen = capture.flow(port) {
                flow = seen
                if seen.isAnswered { return 0 }
            }
            usleep(500)
        }
        return 0
    }

    private func waitForMore(_ roundTrip: UInt64) {
        let end = clock.now + min(2_000_000_000, 2 * roundTrip + 20_000_000)
        while clock.now < end, !stop.isSet { usleep(2000) }
    }

    private func conclude(
        _ record: inout ProbeRecord,
        _ flow: CapturedFlow,
        _ problem: Int32,
        began: UInt64,
        ended: UInt64
    ) {
        let took = ProbeClock.seconds(ended - began)
        guard problem == 0 else {
            record.errorNumber = problem
            record.failure = FailureWords.of(problem)
            return
        }
        let start = ProbeClock.seconds(began)
        if let answer = flow.answers.first, answer.seconds <= (flow.closing?.seconds ?? .infinity) {
            record.phase = .done
            record.connectSeconds = max(0, ((answer.seconds - start) * 1e6).rounded() / 1e6)
            record.closedBy = .us
            let asked = flow.requests.filter { $0.seconds < answer.seconds }.count
            record.outcome = asked > 1 ? .lateConnect : .ok
            return
        }
        let at = flow.closing?.seconds ?? flow.icmp?.seconds
        let failed = at.map { max(0, (($0 - start) * 1e6).rounded() / 1e6) } ?? took
        record.failureSeconds = failed
        if flow.closing != nil {
            let isFast = plan.referenceRoundTripSeconds.map { failed < $0 / 2 } ?? false
            record.outcome = isFast ? .refusedFast : .refusedFull
            record.failure = FailureWords.of(ECONNREFUSED)
            record.closedBy = .peer
        } else if let icmp = flow.icmp {
            record.outcome = icmp.meaning == .portUnreachable ? .refusedFull : .icmp
            record.failure = FailureWords.of(EHOSTUNREACH)
            record.closedBy = .network
        } else {
            record.outcome = .synTimeout
            record.failure = FailureWords.timeout
        }
    }

    private func reserve() -> (Int32, IPEndpoint)? {
        guard let address = plan.sourceAddress.flatMap({ IPAddress(parsing: $0) }) ?? route() else { return nil }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let holder = socket(destination.address.family, kind, 0)
        SocketOption.set(holder, SOL_SOCKET, SO_REUSEADDR, 1)
        let wanted = KernelAddress(IPEndpoint(address, port: plan.sourcePort ?? 0))
        guard holder >= 0, wanted.pass({ bind(holder, $0, $1) }) == 0, let bound = KernelAddress.bound(holder) else {
            let problem = errno
            if holder >= 0 { close(holder) }
            errno = problem
            return nil
        }
        return (holder, bound)
    }

    /// The address that the kernel would use.
    private func route() -> IPAddress? {
        let descriptor = socket(
            destination.address.family,
            Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue),
            0
        )
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard KernelAddress(destination).pass({ connect(descriptor, $0, $1) }) == 0 else { return nil }
        return KernelAddress.bound(descriptor)?.address
    }
}
