internal import Glibc

/// Options of sockets.
enum SocketOption {
    @discardableResult
    static func set(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int) -> Bool {
        var value = Int32(clamping: value)
        return setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size)) == 0
    }

    /// The error that waits at the socket, which is taken.
    static func pendingError(_ descriptor: Int32) -> Int32 {
        var problem: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size)
        return problem
    }

    /// Binds without a port: the kernel chooses it when it knows the far end, so that ports in use towards others are free.
    static let bindsAddressOnly: Int32 = 24
}
