import Glibc

/// Sockets at this machine's own address.
enum LoopbackSocket {
    /// A socket that is bound to `port`, or to a free one for 0, and which that is.
    static func bound(to port: UInt16 = 0) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var yes: Int32 = 1
        if port != 0 { setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size)) }
        let bound = pass(port) { address, length in
            var length = length
            return Glibc.bind(descriptor, address, length) == 0 ? getsockname(descriptor, address, &length) : -1
        }
        guard bound.result == 0 else { throw TestFailure("no port of this machine can be had") }
        return (descriptor, bound.port)
    }

    /// A connection to `port` that is being made, and of which nothing is waited for.
    static func connecting(to port: UInt16) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        _ = pass(port) { connect(descriptor, $0, $1) }
        return descriptor
    }

    private static func pass(
        _ port: UInt16,
        _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Int32
    ) -> (result: Int32, port: UInt16) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                body(pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return (result, UInt16(bigEndian: address.sin_port))
    }
}

/// A listener whose queue has no room: requests to it are not answered.
final class FullListener: Sendable {
    let port: UInt16
    private let descriptors: [Int32]

    init() throws {
        let (descriptor, port) = try LoopbackSocket.bound()
        self.port = port
        listen(descriptor, 0)
        descriptors = [descriptor] + (0..<4).map { _ in LoopbackSocket.connecting(to: port) }
    }

    deinit { for descriptor in descriptors { close(descriptor) } }
}
