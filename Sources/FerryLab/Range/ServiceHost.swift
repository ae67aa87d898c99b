internal import FerryCore
internal import Foundation

/// The plain services of a node: what answers at its ports when nothing of Ferry does.
enum ServiceHost {
    /// Starts `service` in `namespace`. It ends with the process.
    static func start(_ service: Topology.Service, in namespace: NodeNamespace) throws(FerryError) {
        let listener = try namespace.run { () throws(FerryError) in try listen(service.port, namespace.node) }
        namespace.start { serve(listener, service.kind) }
    }

    private static func listen(_ port: UInt16, _ node: String) throws(FerryError) -> Int32 {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let bound = IPv4Address.any.withSocketAddress(port: port) { bind(listener, $0, $1) }
        guard listener >= 0, bound == 0, Glibc.listen(listener, 512) == 0 else {
            let number = errno
            close(listener)
            throw FerryError(
                .labDevice,
                operation: "listen",
                subject: "at port \(port) of \(node)",
                cause: String(cString: strerror(number)),
                advice: "Two services of a node need two ports."
            )
        }
        return listener
    }

    private static func serve(_ listener: Int32, _ kind: Topology.Service.Kind) {
        var waiting = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while poll(&waiting, nfds_t(waiting.count), -1) >= 0 || errno == EINTR {
            for index in waiting.indices.reversed() where waiting[index].revents != 0 {
                if index == 0 {
                    let peer = accept(listener, nil, nil)
                    guard peer >= 0 else { continue }
                    if kind == .rsync { say("@RSYNCD: 31.0\n", to: peer) }
                    waiting.append(pollfd(fd: peer, events: Int16(POLLIN), revents: 0))
                    continue
                }
                let peer = waiting[index].fd
                let count = recv(peer, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                let goesOn =
                    count > 0 && answer(Array(buffer[..<min(count, kind == .echo ? count : 1)]), to: peer, kind)
                if !goesOn, count >= 0 || (errno != EAGAIN && errno != EINTR) {
                    close(peer)
                    waiting.remove(at: index)
                }
            }
        }
    }

    /// Answers what came. Returns whether the connection stays.
    private static func answer(_ bytes: [UInt8], to peer: Int32, _ kind: Topology.Service.Kind) -> Bool {
        switch kind {
        case .rsync: return true
        case .echo: return send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
        case .http:
            say(
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n",
                to: peer
            )
            return false
        }
    }

    private static func say(_ text: String, to peer: Int32) {
        let bytes = Array(text.utf8)
        _ = send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
