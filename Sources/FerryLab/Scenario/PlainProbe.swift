public import FerryCore
internal import Foundation

/// A connection as a person with telnet makes it, with a stopwatch: connect, hear the service, move some bytes.
public struct PlainProbe: Sendable, Equatable {
    /// The node that it is made from.
    public var node: String
    /// Where to.
    public var address: IPv4Address
    /// The TCP port.
    public var port: UInt16
    /// Whether the service speaks only when asked, as HTTP does.
    public var asks: Bool
    /// So many bytes are sent once the service was heard.
    public var bytes = 0
    /// What every byte of them is.
    public var content: UInt8 = 0x78
    /// They go in small pieces with pauses, and no packet is long.
    public var isPaced = false

    /// What came of it.
    public struct Result: Sendable, Equatable {
        /// What it met.
        public var outcome: PlainOutcome
        /// How long the handshake took, or until it failed.
        public var connectTime: Duration
        /// How long all of it took.
        public var time: Duration
        /// The address and port that it was made from, as 10.10.1.1:40001; nil if it had none.
        public var source: String?
        /// Bytes that the peer's kernel has acknowledged, the handshake's one among them; nil if the kernel does not say.
        public var acknowledged: UInt64?
    }

    private static let patience: Int32 = 3000

    /// Makes the connection.
    /// - Throws: `FerryError` if there is no such node, it cannot be entered, or no socket be made.
    public func run(in range: NetworkRange) throws(FerryError) -> Result {
        try range.namespace(of: node).run { () throws(FerryError) in try connect() }
    }

    private func connect() throws(FerryError) -> Result {
        let peer = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard peer >= 0 else {
            throw FerryError(
                .labDevice,
                operation: "make",
                subject: "a socket at \(node)",
                cause: String(cString: strerror(errno)),
                advice: "Take the lab down and up again."
            )
        }
        defer { close(peer) }
        let began = ContinuousClock.now
        var problem: Int32 = 0
        let started = address.withSocketAddress(port: port) { Glibc.connect(peer, $0, $1) }
        if started != 0 {
            problem = errno
            if problem == EINPROGRESS {
                problem = PlainProbe.wait(peer, POLLOUT) ? PlainProbe.pendingError(peer) : ETIMEDOUT
            }
        }
        let connected = ContinuousClock.now
        let outcome = problem == 0 ? converse(peer) : PlainProbe.outcome(ofHandshake: problem)
        return Result(
            outcome: outcome,
            connectTime: connected - began,
            time: ContinuousClock.now - began,
            source: PlainProbe.source(of: peer),
            acknowledged: PlainProbe.acknowledged(by: peer)
        )
    }

    private func converse(_ peer: Int32) -> PlainOutcome {
        if asks {
            let request = Array("GET / HTTP/1.0\r\n\r\n".utf8)
            _ = send(peer, request, request.count, Int32(MSG_NOSIGNAL))
        }
        guard PlainProbe.wait(peer, POLLIN) else { return .connectSilence }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(peer, &buffer, buffer.count, 0)
        if count == 0 { return .connectClosed }
        if count < 0 { return errno == ECONNRESET ? .connectReset : .connectSilence }
        return bytes > 0 ? move(peer) : .ok
    }

    private func move(_ peer: Int32) -> PlainOutcome {
        var left = bytes
        let content = [UInt8](repeating: self.content, count: isPaced ? 400 : 64 << 10)
        if isPaced {
            // Small pieces would wait for each other and become one long packet.
            var on: Int32 = 1
            setsockopt(peer, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        }
        while left > 0 {
            if isPaced { usleep(10_000) }
            guard PlainProbe.wait(peer, POLLOUT) else { return .midStall }
            let count = send(peer, content, min(left, content.count), Int32(MSG_NOSIGNAL))
            if count > 0 { left -= count }
            if count < 0, errno != EAGAIN, errno != EINTR { return errno == EPIPE ? .midClosed : .midReset }
        }
        // What the kernel took has still to arrive.
        var before = Int32.max
        var moved = ContinuousClock.now
        while true {
            var waiting: Int32 = 0
            guard ioctl(peer, UInt(TIOCOUTQ), &waiting) == 0 else { return .midReset }
            if waiting == 0 { return .ok }
            if waiting < before {
                before = waiting
                moved = .now
            }
            guard ContinuousClock.now - moved < .milliseconds(PlainProbe.patience) else { return .midStall }
            // Whoever closes says so here.
            if PlainProbe.wait(peer, POLLIN, 20) {
                var byte: UInt8 = 0
                let count = recv(peer, &byte, 1, 0)
                if count <= 0 { return count == 0 ? .midClosed : .midReset }
            }
        }
    }

    private static func wait(_ peer: Int32, _ events: Int32, _ milliseconds: Int32 = patience) -> Bool {
        var one = pollfd(fd: peer, events: Int16(events), revents: 0)
        var result = poll(&one, 1, milliseconds)
        while result < 0, errno == EINTR { result = poll(&one, 1, milliseconds) }
        return result > 0
    }

    private static func pendingError(_ peer: Int32) -> Int32 {
        var problem: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(peer, SOL_SOCKET, SO_ERROR, &problem, &size)
        return problem
    }

    private static func outcome(ofHandshake problem: Int32) -> PlainOutcome {
        switch problem {
        case ECONNREFUSED: .refused
        case ECONNRESET: .connectReset
        case EHOSTUNREACH, ENETUNREACH, EACCES, EPERM: .icmp
        default: .synTimeout
        }
    }
}
