internal import CFerryLinux
internal import FerryCore
internal import Foundation

/// The socket of a plain probe, in the network namespace of the thread that makes it.
final class PlainConnection {
    let descriptor: Int32
    /// How long moving the content took.
    private var moved = Duration.zero
    private let probe: PlainProbe
    /// Milliseconds until an answer is given up.
    private static let patience: Int32 = 3000
    /// How long moving content may take, however little moves.
    private static let longest = Duration.seconds(20)

    init(_ probe: PlainProbe) throws(FerryError) {
        self.probe = probe
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else {
            throw FerryError(
                .labDevice,
                operation: "make",
                subject: "a socket at \(probe.node)",
                cause: String(cString: strerror(errno)),
                advice: "Take the lab down and up again."
            )
        }
    }

    /// Connects. Returns 0, or the kernel's error.
    func open() -> Int32 {
        if probe.from != nil || probe.fromPort != 0 {
            var yes: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            let bound = (probe.from ?? .any).withSocketAddress(port: probe.fromPort) { bind(descriptor, $0, $1) }
            guard bound == 0 else { return errno }
        }
        let started = probe.address.withSocketAddress(port: probe.port) { connect(descriptor, $0, $1) }
        guard started != 0 else { return 0 }
        guard errno == EINPROGRESS else { return errno }
        return wait(POLLOUT) ? pendingError : ETIMEDOUT
    }

    /// Hears the service, and moves what is to be moved.
    func converse() -> PlainOutcome {
        let opening = probe.opening.bytes
        if !opening.isEmpty { _ = send(descriptor, opening, opening.count, Int32(MSG_NOSIGNAL)) }
        guard wait(POLLIN) else { return .connectSilence }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count == 0 { return .connectClosed }
        if count < 0 { return errno == ECONNRESET ? .connectReset : .connectSilence }
        if String(decoding: buffer[..<count], as: UTF8.self).contains("@ERROR") { return .appError }
        guard probe.bytes > 0 else { return .ok }
        if probe.idle > .zero { usleep(UInt32(probe.idle.nanoseconds / 1000)) }
        let began = ContinuousClock.now
        let outcome = move()
        moved = ContinuousClock.now - began
        return outcome == .ok ? pace(moved) : outcome
    }

    /// Bytes that the far end has acknowledged; nil if the kernel is too old to say.
    var acknowledged: UInt64? {
        var info = ferry_tcp_info()
        info.bytes_acknowledged = .max
        var size = socklen_t(MemoryLayout<ferry_tcp_info>.size)
        getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &size)
        return info.bytes_acknowledged == .max ? nil : info.bytes_acknowledged
    }

    /// The address and port that it is bound to.
    var source: String? {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard result == 0, address.sin_port != 0 else { return nil }
        return "\(IPv4Address(bits: UInt32(bigEndian: address.sin_addr.s_addr))):\(UInt16(bigEndian: address.sin_port))"
    }

    /// What can be seen of a connection whose handshake took `time`.
    func evidence(handshake time: Duration) -> Set<PlainEvidence> {
        var evidence: Set<PlainEvidence> = []
        let info = info
        if let roundTrip = probe.roundTrip, time < roundTrip / 2 { evidence.insert(.shortHandshake) }
        if let roundTrip = probe.roundTrip, time > roundTrip + max(roundTrip / 2, .milliseconds(8)) {
            evidence.insert(.longHandshake)
        }
        // Three is what TCP begins with.
        if info.reordering > 3 { evidence.insert(.reordering) }
        // TCPI_OPT_SACK and TCPI_OPT_WSCALE of linux/tcp.h.
        if info.options & 2 == 0 { evidence.insert(.noSack) }
        if info.options & 4 == 0 { evidence.insert(.noWindowScale) }
        let busy = Double(info.busy_time)
        if moved > .milliseconds(200), Double(info.receiver_limited_time) > 0.5 * busy {
            evidence.insert(.receiverLimited)
        }
        return evidence
    }

    private func pace(_ time: Duration) -> PlainOutcome {
        let info = info
        let again = Double(info.total_retransmits) / Double(max(1, info.data_segments_sent))
        if again >= probe.lossyFrom, info.total_retransmits > 2 { return .slowLossy }
        let rate = Double(probe.bytes) * 8 / (Double(time.nanoseconds) / 1e9)
        if let least = probe.slowBelow, rate < Double(least.bitsPerSecond) { return .slowShaped }
        return .ok
    }

    private func move() -> PlainOutcome {
        var left = probe.bytes
        let content = probe.content.bytes(min(left, 64 << 10))
        let began = MonotonicClock.now()
        let end = ContinuousClock.now + PlainConnection.longest
        if probe.rate != nil {
            // Pieces are to stay apart.
            var yes: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        }
        while left > 0 {
            guard ContinuousClock.now < end else { return .slowShaped }
            if let rate = probe.rate {
                let due = Double(MonotonicClock.now() - began) / 1e9 * rate.bytesPerSecond
                guard due >= Double(min(probe.bytes, probe.bytes - left + 1000)) else {
                    // Whoever ends the connection is heard while nothing is sent, too.
                    if wait(POLLIN, 5) {
                        var byte: UInt8 = 0
                        let count = recv(descriptor, &byte, 1, 0)
                        if count <= 0 { return count == 0 ? .midClosed : .midReset }
                    }
                    continue
                }
            }
            guard wait(POLLOUT) else { return stall }
            let piece = min(left, probe.rate == nil ? content.count : 1000)
            let count = send(descriptor, content, piece, Int32(MSG_NOSIGNAL))
            if count > 0 { left -= count }
            if count < 0, errno != EAGAIN, errno != EINTR { return errno == EPIPE ? .midClosed : .midReset }
        }
        // What the kernel took has still to arrive.
        var before = Int32.max
        var moved = ContinuousClock.now
        while true {
            var waiting: Int32 = 0
            guard ioctl(descriptor, UInt(TIOCOUTQ), &waiting) == 0 else { return .midReset }
            if waiting == 0 { return .ok }
            if waiting < before {
                before = waiting
                moved = .now
            }
            guard ContinuousClock.now < end else { return .slowShaped }
            guard ContinuousClock.now - moved < .milliseconds(PlainConnection.patience) else { return stall }
            // Whoever closes says so here.
            if wait(POLLIN, 20) {
                var byte: UInt8 = 0
                let count = recv(descriptor, &byte, 1, 0)
                if count <= 0 { return count == 0 ? .midClosed : .midReset }
            }
        }
    }

    /// Content does not move: either nobody acknowledges it, or what was sent is, and the far end has no room for more.
    private var stall: PlainOutcome {
        let info = info
        let isLimited = info.busy_time > 0 && Double(info.receiver_limited_time) > 0.5 * Double(info.busy_time)
        return info.unacknowledged <= 1 && isLimited ? .midStallAtReceiver : .midStall
    }

    private var info: ferry_tcp_info {
        var info = ferry_tcp_info()
        var size = socklen_t(MemoryLayout<ferry_tcp_info>.size)
        getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &size)
        return info
    }

    private func wait(_ events: Int32, _ milliseconds: Int32 = patience) -> Bool {
        var one = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        var result = poll(&one, 1, milliseconds)
        while result < 0, errno == EINTR { result = poll(&one, 1, milliseconds) }
        return result > 0
    }

    private var pendingError: Int32 {
        var problem: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size)
        return problem
    }
}
