internal import Foundation

/// A transparent proxy: whoever connects, to whatever address, is connected to it by another connection from its own address.
/// nftables hands connections to it (`tproxy`), and packets that come back (`socket transparent 1`).
struct ServiceRelay {
    private struct Pair {
        var client: Int32
        var server: Int32
    }

    private let listener: Int32
    private var pairs: [Pair] = []

    init(listener: Int32) {
        self.listener = listener
        var yes: Int32 = 1
        setsockopt(listener, SOL_IP, ServiceRelay.transparent, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// `IP_TRANSPARENT` of linux/in.h.
    private static let transparent: Int32 = 19

    /// Runs for ever.
    mutating func run() {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            var waiting = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
            for pair in pairs {
                waiting.append(pollfd(fd: pair.client, events: Int16(POLLIN), revents: 0))
                waiting.append(pollfd(fd: pair.server, events: Int16(POLLIN), revents: 0))
            }
            guard poll(&waiting, nfds_t(waiting.count), -1) >= 0 || errno == EINTR else { return }
            for index in pairs.indices.reversed() {
                let pair = pairs[index]
                let ways = [(pair.client, pair.server), (pair.server, pair.client)]
                for (number, way) in ways.enumerated() where waiting[1 + 2 * index + number].revents != 0 {
                    guard move(way.0, way.1, &buffer) else {
                        close(pair.client)
                        close(pair.server)
                        pairs.remove(at: index)
                        break
                    }
                }
            }
            if waiting[0].revents != 0 { take() }
        }
    }

    private func move(_ from: Int32, _ to: Int32, _ buffer: inout [UInt8]) -> Bool {
        let count = recv(from, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        guard count != 0 else { return false }
        guard count > 0 else { return errno == EAGAIN || errno == EINTR }
        // It waits for the other end: that is how what is slow there is felt here.
        LabSocket.say(Array(buffer[..<count]), to: to)
        return true
    }

    private mutating func take() {
        var peer = sockaddr_in()
        var own = sockaddr_in()
        var (peerSize, ownSize) = (
            socklen_t(MemoryLayout<sockaddr_in>.size), socklen_t(MemoryLayout<sockaddr_in>.size)
        )
        let client = withUnsafeMutablePointer(to: &peer) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { accept(listener, $0, &peerSize) }
        }
        guard client >= 0 else { return }
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        let named = withUnsafeMutablePointer(to: &own) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(client, $0, &ownSize) }
        }
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(server, SOL_IP, ServiceRelay.transparent, &yes, socklen_t(MemoryLayout<Int32>.size))
        // One who does not answer or take what comes must not keep the others waiting for long.
        for end in [client, server] { LabSocket.limit(end, seconds: 3) }
        let source = IPv4Address(bits: UInt32(bigEndian: peer.sin_addr.s_addr))
        let target = IPv4Address(bits: UInt32(bigEndian: own.sin_addr.s_addr))
        let bound = source.withSocketAddress(port: 0) { bind(server, $0, $1) }
        let connected = target.withSocketAddress(port: UInt16(bigEndian: own.sin_port)) { connect(server, $0, $1) }
        guard named == 0, bound == 0, connected == 0 else {
            close(client)
            close(server)
            return
        }
        pairs.append(Pair(client: client, server: server))
    }
}
