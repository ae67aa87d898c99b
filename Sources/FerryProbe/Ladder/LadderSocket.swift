internal import FerryAddress
internal import FerryEvidence
internal import Glibc

/// The connection, or the attempt at one, with which a ladder climbs.
final class LadderSocket {
    private let destination: IPEndpoint
    private let descriptor: Int32
    /// What stands in the way of it at this host.
    private(set) var problem: String?
    /// Requests that were sent.
    private(set) var requests = 0
    private let clock = ProbeClock()

    init(_ plan: LadderPlan, _ destination: IPEndpoint) {
        self.destination = destination
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(destination.address.family, kind, 0)
        guard descriptor >= 0 else {
            problem = "no socket could be made: \(String(cString: strerror(errno)))"
            return
        }
        SocketOption.set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        guard let text = plan.sourceAddress else { return }
        SocketOption.set(descriptor, Int32(IPPROTO_IP), SocketOption.bindsAddressOnly, 1)
        let address = IPAddress(parsing: text)
        let bound = address.map { KernelAddress(IPEndpoint($0, port: 0)).pass { bind(descriptor, $0, $1) } } ?? -1
        if bound != 0 { problem = "\(text) is no address of this host" }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Requests a connection at `timeToLive`.
    func request(timeToLive: Int, within seconds: Double, _ stop: ProbeStop) -> LadderRecord.Step {
        SocketErrors.keep(descriptor, true)
        setTimeToLive(timeToLive)
        let start = clock.now
        requests += 1
        func step(_ answer: LadderRecord.Step.Answer) -> LadderRecord.Step {
            LadderRecord.Step(
                timeToLive: timeToLive,
                answer: answer,
                from: nil,
                seconds: ProbeClock.seconds(clock.now - start)
            )
        }
        let result = KernelAddress(destination).pass { connect(descriptor, $0, $1) }
        if result != 0, errno != EINPROGRESS {
            problem = "no request could be sent to \(destination): \(String(cString: strerror(errno)))"
            return step(.silence)
        }
        guard wait(POLLOUT, until: start + ProbeClock.nanoseconds(seconds), stop) != 0 else {
            requests += TCPFacts(descriptor, seconds: 0)?.totalRetransmits ?? 0
            return step(.silence)
        }
        let number = SocketOption.pendingError(descriptor)
        if let error = SocketErrors.take(descriptor, seconds: 0) {
            return LadderRecord.Step(
                timeToLive: timeToLive,
                error: error,
                seconds: ProbeClock.seconds(clock.now - start)
            )
        }
        switch number {
        case 0:
            SocketErrors.keep(descriptor, false)
            return step(.reached)
        case ECONNREFUSED, ECONNRESET: return step(.reset)
        default: return step(.unreachable)
        }
    }

    /// What the service says in so many seconds, at most 4 KiB of it.
    func hear(within seconds: Double) -> [UInt8] {
        let end = clock.now + ProbeClock.nanoseconds(seconds)
        var said: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while said.isEmpty, wait(POLLIN, until: end, nil) != 0 {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { break }
            said += buffer[..<count]
        }
        return said
    }

    /// The port that it is bound to.
    var local: IPEndpoint? { KernelAddress.bound(descriptor) }

    /// Sends `bytes` at `timeToLive`, and waits for what comes of it. Of a connection one such step can be made: what is lost
    /// goes again, later and later, and holds back all that follows.
    func content(
        _ bytes: [UInt8],
        timeToLive: Int,
        within seconds: Double,
        _ stop: ProbeStop
    ) -> LadderRecord.Step {
        setTimeToLive(timeToLive)
        let start = clock.now
        let end = start + ProbeClock.nanoseconds(seconds)
        func step(_ answer: LadderRecord.Step.Answer) -> LadderRecord.Step {
            LadderRecord.Step(
                timeToLive: timeToLive,
                answer: answer,
                from: nil,
                seconds: ProbeClock.seconds(clock.now - start)
            )
        }
        let before = TCPFacts(descriptor, seconds: 0)?.bytesAcknowledged ?? 0
        if send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) < 0 {
            return step(errno == ECONNRESET ? .reset : .closed)
        }
        while clock.now < end, !stop.isSet {
            if let ending { return step(ending) }
            if let acknowledged = TCPFacts(descriptor, seconds: 0)?.bytesAcknowledged, acknowledged > before {
                // What ends it in answer to content comes after the acknowledgement, if at all.
                _ = wait(POLLIN, until: min(end, clock.now + 100_000_000), stop)
                return step(ending ?? .reached)
            }
            _ = wait(POLLIN, until: min(end, clock.now + 5_000_000), stop)
        }
        return step(.silence)
    }

    /// How the peer's end has ended it; nil if it has not, as far as that can be seen behind some pieces of what it says: who speaks
    /// without end must not keep anybody from looking at the time.
    var ending: LadderRecord.Step.Answer? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        for _ in 0..<LadderSocket.mostPieces {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 { continue }
            if count == 0 { return .closed }
            return errno == EAGAIN || errno == EINTR ? nil : .reset
        }
        return nil
    }

    private static let mostPieces = 32

    /// Ends it at once, from the full distance: nothing of it goes on.
    func abort() {
        setTimeToLive(64)
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
    }

    private func setTimeToLive(_ limit: Int) {
        if destination.address.isIPv6 {
            SocketOption.set(descriptor, Int32(IPPROTO_IPV6), IPV6_UNICAST_HOPS, limit)
        } else {
            SocketOption.set(descriptor, Int32(IPPROTO_IP), IP_TTL, limit)
        }
    }

    private func wait(_ events: Int32, until moment: UInt64, _ stop: ProbeStop?) -> Int32 {
        while stop?.isSet != true {
            let now = clock.now
            guard now < moment else { return 0 }
            var one = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let count = poll(&one, 1, Int32(min(100, (moment - now) / 1_000_000 + 1)))
            if count > 0 { return Int32(one.revents) }
        }
        return 0
    }
}
