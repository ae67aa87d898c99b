import Glibc
import Synchronization

/// A service on this machine that behaves as a test wants it, in a thread of its own until the test ends.
final class LocalService: Sendable {
    enum Behaviour: Sendable {
        case greets
        case resets
        case closes
        case isSilent
        case refuses
        case readsNothing
        case speaksWithoutEnd
        case closesAfter(bytes: Int)
        case resetsAfter(bytes: Int)
        case http(String)
    }

    let port: UInt16
    private let descriptor: Int32

    init(_ behaviour: Behaviour) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        var room: Int32 = 4096
        if case .readsNothing = behaviour {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size))
        }
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                _ = bind(descriptor, generic, size)
                _ = getsockname(descriptor, generic, &size)
            }
        }
        self.descriptor = descriptor
        port = UInt16(bigEndian: address.sin_port)
        listen(descriptor, 64)
        Thread.start { LocalService.serve(descriptor, behaviour) }
    }

    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private static func serve(_ listener: Int32, _ behaviour: Behaviour) {
        while true {
            let peer = accept(listener, nil, nil)
            guard peer >= 0 else { break }
            Thread.start { answer(peer, behaviour) }
        }
        close(listener)
    }

    private static func answer(_ peer: Int32, _ behaviour: Behaviour) {
        func say(_ text: String) { _ = send(peer, text, text.utf8.count, Int32(MSG_NOSIGNAL)) }
        func reset() {
            var now = linger(l_onoff: 1, l_linger: 0)
            setsockopt(peer, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        }
        defer { close(peer) }
        switch behaviour {
        case .resets: reset()
        case .closes: break
        case .isSilent: read(peer, nil)
        case .refuses:
            say("@RSYNCD: 31.0\n@ERROR: max connections (4) reached -- try again later\n")
            usleep(50_000)
        case .greets:
            say("@RSYNCD: 31.0\n")
            read(peer, nil)
        case .readsNothing:
            say("@RSYNCD: 31.0\n")
            usleep(6_000_000)
        case .speaksWithoutEnd:
            let words = [UInt8](repeating: 0x2E, count: 65536)
            while send(peer, words, words.count, Int32(MSG_NOSIGNAL)) > 0 {}
        case .closesAfter(let bytes):
            say("@RSYNCD: 31.0\n")
            read(peer, bytes)
        case .resetsAfter(let bytes):
            say("@RSYNCD: 31.0\n")
            read(peer, bytes)
            reset()
        case .http(let status):
            var buffer = [UInt8](repeating: 0, count: 4096)
            _ = recv(peer, &buffer, buffer.count, 0)
            say("HTTP/1.1 \(status)\r\nConnection: close\r\n\r\n")
        }
    }

    private static func read(_ peer: Int32, _ limit: Int?) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        var total = 0
        while total < limit ?? .max {
            let count = recv(peer, &buffer, min(buffer.count, (limit ?? .max) - total), 0)
            guard count > 0 else { return }
            total += count
        }
    }
}

enum Thread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    static func start(_ run: @escaping @Sendable () -> Void) {
        let body = Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        pthread_create(
            &thread,
            nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            },
            body.toOpaque()
        )
        pthread_detach(thread)
    }
}
