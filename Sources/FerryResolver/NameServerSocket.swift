internal import FerryAddress
internal import Glibc

/// A socket connected to a name server, closed with its last reference.
final class NameServerSocket {
    /// How a question can fail before there is an answer.
    enum Failure: Error, Equatable {
        /// Nothing came in time.
        case timedOut
        /// The network or the server refused, with the system's error number.
        case refused(Int32)
        /// What came is no answer.
        case unreadable
    }

    let file: Int32

    /// A socket whose only peer is `server`: the kernel drops datagrams from anybody else, gives every socket an
    /// unpredictable port of its own, and reports when the server's port is closed.
    init(_ kind: __socket_type, to server: IPEndpoint) throws(Failure) {
        let family = server.address.isIPv6 ? AF_INET6 : AF_INET
        file = socket(family, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard file >= 0 else { throw .refused(errno) }
        guard NameServerSocket.connect(file, server) == 0 || errno == EINPROGRESS else { throw .refused(errno) }
    }

    deinit {
        if file >= 0 { close(file) }
    }

    private static func connect(_ file: Int32, _ server: IPEndpoint) -> Int32 {
        switch server.address {
        case .v4(let word):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = server.port.bigEndian
            address.sin_addr.s_addr = word.bigEndian
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        case .v6(_, _, let zone):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = server.port.bigEndian
            address.sin6_scope_id = zone
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: server.address.bytes) }
            return withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(file, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
    }

    /// Sends `bytes` from the start of `bytes`; returns how many went.
    func send(_ bytes: ArraySlice<UInt8>) throws(Failure) -> Int {
        while true {
            let count = bytes.withUnsafeBytes { Glibc.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count >= 0 { return count }
            if errno == EAGAIN { return 0 }
            guard errno == EINTR else { throw .refused(errno) }
        }
    }

    /// Receives what has come, at most `longest` bytes; nil if nothing has, empty at the end of a stream.
    func receive(atMost longest: Int) throws(Failure) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: longest)
        while true {
            let count = recv(file, &bytes, longest, 0)
            if count >= 0 { return Array(bytes[..<count]) }
            if errno == EAGAIN { return nil }
            guard errno == EINTR else { throw .refused(errno) }
        }
    }
}
