internal import FerryCore
internal import Foundation
internal import Synchronization

/// Plain connections that a fault makes all the time while it is armed: what else is going on, or what provokes it.
final class LoadThread: Sendable {
    struct Settings: Sendable, Equatable {
        var node: String
        var address: IPv4Address
        var port: UInt16
        /// The address of the node that it is bound to; nil leaves it to the kernel.
        var from: IPv4Address?
        /// How fast each connection sends; nil for as fast as it can.
        var rate: BitRate?
        /// How many connections there are at a time.
        var connections = 1
        /// After so long each is closed and made anew; nil to keep it.
        var renewed: Duration?
    }

    private let settings: Settings
    private let isOver = Mutex(false)
    private let done = DispatchSemaphore(value: 0)

    /// Begins at the node of `namespace`.
    init(_ settings: Settings, in namespace: NodeNamespace) {
        self.settings = settings
        namespace.start { [self] in
            run()
            done.signal()
        }
    }

    /// Ends it and waits for that.
    func end() {
        isOver.withLock { $0 = true }
        // A thread that could not enter its namespace never tells.
        _ = done.wait(timeout: .now() + 3)
    }

    private struct Connection {
        var descriptor: Int32
        var began: UInt64
        var sent = 0
    }

    private func run() {
        let content = [UInt8](repeating: 0x6C, count: 16 << 10)
        var connections: [Connection] = []
        defer { for one in connections { close(one.descriptor) } }
        while !isOver.withLock({ $0 }) {
            let now = MonotonicClock.now()
            while connections.count < settings.connections { connections.append(open(now)) }
            var (isIdle, isRefused) = (true, false)
            for index in connections.indices.reversed() {
                let one = connections[index]
                let age = now - one.began
                if let renewed = settings.renewed, age > renewed.nanoseconds {
                    close(one.descriptor)
                    connections.remove(at: index)
                    continue
                }
                let allowed =
                    settings.rate.map { Int(Double(age) / 1e9 * $0.bytesPerSecond) - one.sent } ?? content.count
                guard allowed >= min(content.count, 1400) else { continue }
                let count = send(one.descriptor, content, min(allowed, content.count), Int32(MSG_NOSIGNAL))
                if count > 0 {
                    connections[index].sent += count
                    isIdle = false
                } else if count < 0, errno != EAGAIN, errno != EINTR, errno != EINPROGRESS, errno != ENOTCONN {
                    close(one.descriptor)
                    connections.remove(at: index)
                    isRefused = true
                }
            }
            // Whoever is refused does not ask again at once.
            if isRefused { usleep(100_000) } else if isIdle { usleep(2000) }
        }
    }

    private func open(_ now: UInt64) -> Connection {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        if let from = settings.from { _ = from.withSocketAddress(port: 0) { bind(descriptor, $0, $1) } }
        _ = settings.address.withSocketAddress(port: settings.port) { connect(descriptor, $0, $1) }
        return Connection(descriptor: descriptor, began: now)
    }
}
