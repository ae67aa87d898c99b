internal import FerryCore
internal import Foundation

/// The loop of a service: takes connections, and answers them as it is told to behave.
struct ServiceLoop {
    private struct Peer {
        var descriptor: Int32
        /// When something is to be done, in nanoseconds of the monotonic clock.
        var due: UInt64?
        var hasSpoken: Bool
        var isRead = true
        /// Bytes of an HTTP request that are still to come.
        var missing = 0
    }

    private let service: Topology.Service
    private let node: String
    private let wake: Int32
    private let ledger: CloudLedger
    private var listener: Int32
    private var behaviour = ServiceBehaviour.works
    private var peers: [Peer] = []
    /// Connections to itself that fill its queue.
    private var fillers: [Int32] = []
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(
        _ service: Topology.Service,
        listener: Int32,
        wake: Int32,
        _ ledger: CloudLedger,
        node: String
    ) {
        self.service = service
        self.listener = listener
        self.wake = wake
        self.ledger = ledger
        self.node = node
    }

    /// Runs for ever.
    /// - Parameter told: how it is to behave; asked when there is something at `wake`.
    mutating func run(_ told: () -> ServiceBehaviour) {
        if service.kind == .relay {
            var relay = ServiceRelay(listener: listener)
            return relay.run()
        }
        while true {
            let isListening = listener >= 0 && behaviour != .acceptsNone
            var waiting = [
                pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isListening ? listener : -1, events: Int16(POLLIN), revents: 0),
            ]
            waiting += peers.map { pollfd(fd: $0.isRead ? $0.descriptor : -1, events: Int16(POLLIN), revents: 0) }
            guard poll(&waiting, nfds_t(waiting.count), patience) >= 0 || errno == EINTR else { return }
            if waiting[0].revents != 0 {
                _ = read(wake, &buffer, buffer.count)
                change(to: told())
                continue
            }
            var ended: [Int] = []
            for index in peers.indices where waiting[index + 2].revents != 0 && !hear(index) { ended.append(index) }
            let now = MonotonicClock.now()
            for index in peers.indices where (peers[index].due ?? .max) <= now && !ended.contains(index) {
                if !act(index) { ended.append(index) }
            }
            for index in ended.sorted(by: >) {
                close(peers[index].descriptor)
                peers.remove(at: index)
            }
            if waiting[1].revents != 0 { take() }
        }
    }

    private var patience: Int32 {
        guard let due = peers.compactMap(\.due).min() else { return -1 }
        let now = MonotonicClock.now()
        return due <= now ? 0 : Int32(min(60_000, (due - now) / 1_000_000 + 1))
    }

    private mutating func change(to new: ServiceBehaviour) {
        for peer in peers { close(peer.descriptor) }
        for filler in fillers { close(filler) }
        peers = []
        fillers = []
        if listener >= 0 { close(listener) }
        behaviour = new
        listener = -1
        guard new != .isStopped else { return }
        let backlog: Int32 = new == .acceptsNone ? 0 : 512
        listener = (try? ServiceListener.listen(at: service.port, backlog: backlog, of: node)) ?? -1
        // A queue of no length takes one connection.
        guard new == .acceptsNone, let loopback = IPv4Address("127.0.0.1") else { return }
        for _ in 0..<2 {
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            let filler = socket(AF_INET, kind, 0)
            _ = loopback.withSocketAddress(port: service.port) { connect(filler, $0, $1) }
            fillers.append(filler)
        }
    }

    private mutating func take() {
        let peer = accept(listener, nil, nil)
        guard peer >= 0 else { return }
        _ = fcntl(peer, F_SETFD, FD_CLOEXEC)
        if service.kind == .console, behaviour == .works { return CloudConsole(ledger: ledger).serve(peer) }
        var one = Peer(descriptor: peer, hasSpoken: service.kind != .rsync)
        switch behaviour {
        case .resets:
            var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
            setsockopt(peer, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
            close(peer)
            return
        case .closes:
            close(peer)
            return
        case .refuses:
            say("@RSYNCD: 31.0\n@ERROR: max connections (4) reached -- try again later\n", to: peer)
            shutdown(peer, Int32(SHUT_WR))
            close(peer)
            return
        case .isSilent: one.hasSpoken = true
        case .speaksAfter(let time): one.due = MonotonicClock.now() + time.nanoseconds
        case .closesAfter(let time):
            greet(&one)
            one.due = MonotonicClock.now() + time.nanoseconds
        case .readsNothing:
            greet(&one)
            one.isRead = false
        case .works, .isStopped, .acceptsNone: greet(&one)
        }
        peers.append(one)
    }

    private func greet(_ peer: inout Peer) {
        if !peer.hasSpoken { say("@RSYNCD: 31.0\n", to: peer.descriptor) }
        peer.hasSpoken = true
    }

    /// Something is due. Returns whether the connection stays.
    private mutating func act(_ index: Int) -> Bool {
        switch behaviour {
        case .speaksAfter:
            greet(&peers[index])
            peers[index].due = nil
            return true
        case .closesAfter: return false
        default:
            peers[index].due = nil
            return true
        }
    }

    /// Something came, or the end. Returns whether the connection stays.
    private mutating func hear(_ index: Int) -> Bool {
        let peer = peers[index].descriptor
        let count = recv(peer, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count < 0 { return errno == EAGAIN || errno == EINTR }
        guard count > 0 else { return false }
        if case .closesAfter(let time) = behaviour { peers[index].due = MonotonicClock.now() + time.nanoseconds }
        if behaviour == .isSilent { return true }
        switch service.kind {
        case .rsync, .relay: return true
        case .echo: return send(peer, buffer, count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) == count
        case .http, .console:
            peers[index].missing =
                peers[index].missing > 0 ? peers[index].missing - count : ServiceLoop.missing(of: buffer[..<count])
            if peers[index].missing > 0 { return true }
            say(
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n",
                to: peer
            )
            return false
        }
    }

    /// How much of a request is not in its first piece: all of the body is taken before anything is answered.
    private static func missing(of piece: ArraySlice<UInt8>) -> Int {
        let text = String(decoding: piece.prefix(2048), as: UTF8.self)
        guard text.hasPrefix("POST "), let end = text.range(of: "\r\n\r\n"),
            let field = text.range(of: "Content-Length: "),
            let length = Int(text[field.upperBound...].drop { $0 == " " }.prefix(while: \.isNumber))
        else { return 0 }
        return length - (piece.count - text[..<end.upperBound].utf8.count)
    }

    private func say(_ text: String, to peer: Int32) { LabSocket.say(Array(text.utf8), to: peer) }
}
