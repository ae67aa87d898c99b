internal import FerryAddress
internal import FerryCore
internal import FerryEvidence
internal import Glibc

/// One connection of a probe, in the thread that makes it: opened, heard, filled, and watched to its end.
final class ProbeConnection {
    let plan: ProbePlan
    let clock: ProbeClock
    let stop: ProbeStop
    let destination: IPEndpoint
    var record: ProbeRecord
    var words: ServiceWords
    private(set) var descriptor: Int32 = -1
    /// When the handshake began, in nanoseconds of the clock.
    private(set) var began: UInt64 = 0
    /// When the last byte went or came.
    var lastByte: UInt64 = 0
    var kernel: KernelWatch
    /// Whether the handshake took as long as one lost request makes it take.
    private var wasLate = false
    /// Requests that were sent again during the handshake.
    private var requestsAgain = 0
    private var hasConnected = false
    private var hash = FNV1a()
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(_ plan: ProbePlan, to destination: IPEndpoint, clock: ProbeClock, stop: ProbeStop, record: ProbeRecord) {
        self.plan = plan
        self.destination = destination
        self.clock = clock
        self.stop = stop
        self.record = record
        words = ServiceWords(plan.speaks)
        kernel = KernelWatch(clock: clock, stallSeconds: plan.stallSeconds)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Makes the connection and all that belongs to it.
    /// - Parameters:
    ///   - started: is called when the request has gone out.
    ///   - heard: is called when the service was heard, before anything is sent to it.
    func run(started: () -> Void = {}, heard: () -> Void = {}) -> ProbeRecord {
        do throws(ProbeEnding) {
            try open()
            started()
            try connect()
            try greet()
            heard()
            try idle()
            try move()
            try settle()
            record.phase = .done
            end(nil)
        } catch {
            if error == .refusal { hearTheEnd() }
            end(error)
        }
        return record
    }

    // MARK: - The handshake

    private func open() throws(ProbeEnding) {
        record.phase = .connect
        record.destination = "\(destination)"
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(destination.address.family, kind, 0)
        guard descriptor >= 0 else {
            record.vantageProblem = "no socket could be made: \(String(cString: strerror(errno)))"
            throw .failed(errno)
        }
        kernel.descriptor = descriptor
        SocketErrors.keep(descriptor, true)
        setOptions()
        try bindSource()
        began = clock.now
        lastByte = began
        kernel.isOpen = true
        let result = KernelAddress(destination).pass { Glibc.connect(descriptor, $0, $1) }
        let problem = errno
        record.source = KernelAddress.bound(descriptor).map { "\($0)" }
        record.requests = 1
        guard result != 0, problem != EINPROGRESS else { return }
        throw .failed(problem)
    }

    private func setOptions() {
        // Small pieces are to go when they are sent, and nothing is to wait for an acknowledgement.
        SocketOption.set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        guard let options = plan.options else { return }
        if let size = options.maximumSegment { SocketOption.set(descriptor, Int32(IPPROTO_TCP), TCP_MAXSEG, size) }
        if let size = options.receiveBuffer { SocketOption.set(descriptor, SOL_SOCKET, SO_RCVBUF, size / 2) }
        if options.windowScale == false {
            // A window that needs no scaling is offered with a scale of 0.
            SocketOption.set(descriptor, Int32(IPPROTO_TCP), TCP_WINDOW_CLAMP, Int(UInt16.max))
        }
        if let limit = options.timeToLive { setTimeToLive(limit) }
    }

    func setTimeToLive(_ limit: Int) {
        if destination.address.isIPv6 {
            SocketOption.set(descriptor, Int32(IPPROTO_IPV6), IPV6_UNICAST_HOPS, limit)
        } else {
            SocketOption.set(descriptor, Int32(IPPROTO_IP), IP_TTL, limit)
        }
    }

    private func bindSource() throws(ProbeEnding) {
        guard plan.sourceAddress != nil || plan.sourcePort != nil else { return }
        let address = plan.sourceAddress.map { IPAddress(parsing: $0) } ?? destination.address.unspecified
        guard let address, address.isIPv6 == destination.address.isIPv6 else {
            record.vantageProblem =
                "\(plan.sourceAddress ?? "") is no address that could be bound to for \(destination)"
            throw .failed(EINVAL)
        }
        SocketOption.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        if plan.sourcePort == nil {
            SocketOption.set(descriptor, Int32(IPPROTO_IP), SocketOption.bindsAddressOnly, 1)
        }
        let bound = KernelAddress(IPEndpoint(address, port: plan.sourcePort ?? 0)).pass { bind(descriptor, $0, $1) }
        guard bound != 0 else { return }
        let problem = errno
        if problem == EADDRNOTAVAIL {
            record.vantageProblem = "\(address) is no address of this host"
        }
        throw .failed(problem)
    }

    private func connect() throws(ProbeEnding) {
        let problem = try handshakeEnd()
        let took = clock.now - began
        record.socketError = problem
        // What resets a connection has seen it: the handshake was done.
        hasConnected = [0, ECONNRESET, EPIPE].contains(problem)
        if hasConnected {
            record.connectSeconds = ProbeClock.seconds(took)
            record.phase = .greeting
        }
        guard problem == 0 else { throw .failed(problem) }
        // On a connection that stands, errors of the network end nothing: so it is for everybody else.
        SocketErrors.keep(descriptor, false)
        let facts = kernel.look()
        requestsAgain = facts?.totalRetransmits ?? 0
        record.requests = 1 + requestsAgain
        let isLong = ProbeClock.seconds(took) >= 0.95 && (plan.referenceRoundTripSeconds ?? 0) < 0.4
        wasLate = requestsAgain > 0 || isLong
        kernel.requestsAgain = requestsAgain
    }

    /// Waits for the end of the handshake. Returns the error that it ended by, or 0.
    ///
    /// The kernel queues an ICMP error, and wakes whoever waits, before it decides what becomes of the connection; for that
    /// moment the socket has no error and is no connection either.
    private func handshakeEnd() throws(ProbeEnding) -> Int32 {
        var undecidedSince: UInt64?
        while true {
            let came = try wait(POLLOUT, until: began + ProbeClock.nanoseconds(plan.connectSeconds))
            guard came != 0 else { throw .failed(ETIMEDOUT) }
            let problem = SocketOption.pendingError(descriptor)
            if problem != 0 || kernel.isConnected { return problem }
            let since = undecidedSince ?? clock.now
            undecidedSince = since
            guard clock.now - since < ProbeConnection.longestDecision else { return EHOSTUNREACH }
            usleep(500)
        }
    }

    /// How long the kernel may take to decide, in nanoseconds.
    private static let longestDecision: UInt64 = 100_000_000

    // MARK: - Waiting and hearing

    /// The moment when all has to be over.
    private var limit: UInt64 { ProbeClock.nanoseconds(plan.limitSeconds) }

    /// Waits for `events` until `moment`, looking at the kernel's figures meanwhile. Returns what came, or 0.
    func wait(_ events: Int32, until moment: UInt64) throws(ProbeEnding) -> Int32 {
        while true {
            let now = clock.now
            if kernel.tick(now) { throw .stall }
            if stop.isSet { throw .stopped }
            guard now < moment else { return 0 }
            guard now < limit else { throw .limit }
            let time = min(moment, kernel.next, limit) - min(now, kernel.next)
            var one = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            // Rounded up, so that less than a millisecond does not spin.
            let count = poll(&one, 1, Int32(time / 1_000_000) + 1)
            if count > 0 { return Int32(one.revents) }
            if count < 0, errno != EINTR { throw .failed(errno) }
        }
    }

    /// Takes what has come, if anything has. Returns whether something had.
    @discardableResult
    func hear() throws(ProbeEnding) -> Bool {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 {
            let now = clock.now
            if record.firstByteSeconds == nil, let connected = record.connectSeconds {
                record.firstByteSeconds = max(0, ProbeClock.seconds(now - began) - connected)
            }
            lastByte = now
            record.bytesReceived += count
            words.hear(buffer[..<count])
            return true
        }
        if count == 0 { throw .closed }
        guard errno == EAGAIN || errno == EINTR else { throw .failed(errno) }
        return false
    }

    /// Takes what is there, and no more of it than some pieces: who speaks without end must not keep anybody from looking at the
    /// time.
    func hearWhatIsThere() throws(ProbeEnding) {
        for _ in 0..<ProbeConnection.mostPieces {
            guard try hear() else { return }
        }
    }

    private static let mostPieces = 32

    /// Gives bytes to the socket. Returns how many it took.
    func put(_ bytes: ArraySlice<UInt8>) throws(ProbeEnding) -> Int {
        let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count > 0 {
            record.bytesSent += count
            let taken = bytes.prefix(count)
            hash.add(taken.span)
            lastByte = clock.now
            return count
        }
        let problem = errno
        guard problem == EAGAIN || problem == EINTR else {
            hearWhatIsLeft()
            throw .failed(problem)
        }
        return 0
    }

    // MARK: - The end

    /// What the peer has said before it ended the connection is still there.
    private func hearWhatIsLeft() {
        do throws(ProbeEnding) {
            try hearWhatIsThere()
        } catch {}
    }

    /// Who says no closes then, and that it does belongs to what is seen of it.
    private func hearTheEnd() {
        let end = clock.now + ProbeClock.nanoseconds(min(1, record.connectSeconds ?? 0) + 0.1)
        do throws(ProbeEnding) {
            while try wait(POLLIN, until: end) != 0 { try hear() }
        } catch {}
    }

    private func end(_ ending: ProbeEnding?) {
        let now = clock.now
        if case .failed(let number) = ending {
            record.errorNumber = number
            if record.socketError == nil { record.socketError = SocketOption.pendingError(descriptor) }
        }
        if descriptor >= 0, record.phase == .connect {
            record.icmp = SocketErrors.take(descriptor, seconds: ProbeClock.seconds(now))
        }
        kernel.close()
        record.tcp = kernel.last
        record.samples = kernel.samples.isEmpty ? nil : kernel.samples
        record.contentHash = record.bytesSent > 0 ? hash.hexadecimal : nil
        record.loadedRoundTrip = RoundTripFacts(kernel.samples, areLoaded: true)
        record.idleRoundTrip = RoundTripFacts(kernel.samples, areLoaded: false)
        record.longestStallSeconds = kernel.longestStall == 0 ? nil : ProbeClock.seconds(kernel.longestStall)
        record.bytesAcknowledged = kernel.acknowledged
        if !hasConnected, let again = kernel.last?.totalRetransmits { record.requests = 1 + again }
        record.text = words.printable
        record.translatedSource = words.observedSource.flatMap { $0 == record.source ? nil : $0 }
        record.outcome = outcome(ending, after: ProbeClock.seconds(now - began))
        if ending == .stopped { record.vantageProblem = "it was stopped before its end" }
        record.durationSeconds = ProbeClock.seconds(now)
        guard let ending, !record.outcome.worked else {
            record.phase = .done
            record.closedBy = ending == .closed ? .peer : .us
            return
        }
        record.failureSeconds = ProbeClock.seconds(now - began)
        record.idleSeconds = ProbeClock.seconds(now - lastByte)
        record.failure = words(of: ending)
        record.closedBy = closer(ending)
    }

    private func outcome(_ ending: ProbeEnding?, after seconds: Double) -> ProbeOutcome {
        OutcomeRules(
            plan: plan,
            phase: record.phase,
            hasHeard: record.bytesReceived > 0,
            words: words,
            wasLate: wasLate,
            requestsAgain: requestsAgain,
            icmp: record.icmp,
            kernel: kernel.last
        ).outcome(ending, after: seconds)
    }

    private func words(of ending: ProbeEnding) -> String {
        switch ending {
        case .closed: FailureWords.end
        case .failed(let number): FailureWords.of(number)
        case .silence, .stall, .limit, .stopped: FailureWords.timeout
        case .refusal: "service_refused"
        }
    }

    private func closer(_ ending: ProbeEnding) -> ProbeRecord.Closer {
        switch ending {
        case .closed, .refusal: .peer
        case .failed where record.icmp != nil: .network
        case .failed(let number): [ECONNREFUSED, ECONNRESET, EPIPE].contains(number) ? .peer : .nobody
        case .silence, .stall, .limit, .stopped: .nobody
        }
    }
}
