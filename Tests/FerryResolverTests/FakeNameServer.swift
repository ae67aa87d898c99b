import FerryAddress
import Glibc
import Synchronization

@testable import FerryResolver

/// A name server on a loopback port of its own, UDP and TCP, that does as it is told on a thread of its own.
final class FakeNameServer: Sendable {
    /// What to send for one question. Datagrams go one after the other; `strayed` ones from a different port.
    struct Reply {
        var strayed: [[UInt8]] = []
        var datagrams: [[UInt8]] = []
        /// Raw bytes to write to a stream, its length before it included.
        var stream: [UInt8] = []
    }

    let endpoint: IPEndpoint
    private let udp: Int32
    private let tcp: Int32
    private let isStopped = Atomic(false)
    private let reply: @Sendable ([UInt8]) -> Reply
    private let questions = Mutex<[[UInt8]]>([])
    private let thread = Mutex<pthread_t?>(nil)

    /// The questions asked so far, over UDP or TCP.
    var asked: [[UInt8]] { questions.withLock { $0 } }

    init(_ reply: @escaping @Sendable ([UInt8]) -> Reply) {
        self.reply = reply
        var found: (udp: Int32, tcp: Int32, port: UInt16)?
        // The same port has to be free for both protocols, which now and then it is not.
        while found == nil {
            let udp = FakeNameServer.bound(SOCK_DGRAM, 0)
            let port = FakeNameServer.port(udp)
            let tcp = FakeNameServer.bound(SOCK_STREAM, port)
            if tcp >= 0, listen(tcp, 16) == 0 {
                found = (udp, tcp, port)
            } else {
                close(udp)
                if tcp >= 0 { close(tcp) }
            }
        }
        (udp, tcp) = (found?.udp ?? -1, found?.tcp ?? -1)
        endpoint = IPEndpoint(.loopback4, port: found?.port ?? 0)
        var thread: pthread_t = 0
        let context = Unmanaged.passRetained(self).toOpaque()
        pthread_create(&thread, nil, { FakeNameServer.main($0) }, context)
        self.thread.withLock { $0 = thread }
    }

    /// Ends the thread and closes the sockets.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        if let thread = thread.withLock({ $0 }) { pthread_join(thread, nil) }
        close(udp)
        close(tcp)
    }

    private static func main(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        let server = Unmanaged<FakeNameServer>.fromOpaque(context).takeRetainedValue()
        while !server.isStopped.load(ordering: .relaxed) {
            var files = [
                pollfd(fd: server.udp, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server.tcp, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&files, 2, 20) > 0 else { continue }
            if files[0].revents != 0 { server.answerDatagram() }
            if files[1].revents != 0 { server.answerStream() }
        }
        return nil
    }

    private func answerDatagram() {
        var query = [UInt8](repeating: 0, count: 2048)
        var peer = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &peer) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                let count = recvfrom(udp, &query, query.count, 0, address, &length)
                query = Array(query.prefix(max(0, count)))
                questions.withLock { $0.append(query) }
                let reply = reply(query)
                let stranger = FakeNameServer.bound(SOCK_DGRAM, 0)
                for bytes in reply.strayed { sendto(stranger, bytes, bytes.count, 0, address, length) }
                for bytes in reply.datagrams { sendto(udp, bytes, bytes.count, 0, address, length) }
                close(stranger)
            }
        }
    }

    private func answerStream() {
        let peer = accept(tcp, nil, nil)
        guard peer >= 0 else { return }
        defer { close(peer) }
        var bytes = [UInt8](repeating: 0, count: 2048)
        let count = recv(peer, &bytes, bytes.count, 0)
        guard count > 2 else { return }
        let query = Array(bytes[2..<count])
        questions.withLock { $0.append(query) }
        let stream = reply(query).stream
        // In two pieces, as a network may deliver it.
        let half = stream.count / 2
        for piece in [stream[..<half], stream[half...]] where !piece.isEmpty {
            piece.withUnsafeBytes { _ = send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
        shutdown(peer, Int32(SHUT_WR))
        // Until the peer has gone: closing with data unread would send a reset.
        while recv(peer, &bytes, bytes.count, 0) > 0 {}
    }

    static func bound(_ kind: __socket_type, _ port: UInt16) -> Int32 {
        let file = socket(AF_INET, Int32(kind.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return file }
        close(file)
        return -1
    }

    static func port(_ file: Int32) -> UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(file, $0, &length) }
        }
        return UInt16(bigEndian: address.sin_port)
    }
}
