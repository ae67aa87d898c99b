internal import FerryAddress
internal import Glibc

/// An address with its port as system calls take it.
struct KernelAddress {
    private var storage = sockaddr_storage()
    private var size: socklen_t

    init(_ endpoint: IPEndpoint) {
        switch endpoint.address {
        case .v4(let word):
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = endpoint.port.bigEndian
            address.sin_addr.s_addr = word.bigEndian
            size = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in.self) }
        case .v6(_, _, let zone):
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = endpoint.port.bigEndian
            address.sin6_scope_id = zone
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: endpoint.address.bytes) }
            size = socklen_t(MemoryLayout<sockaddr_in6>.size)
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in6.self) }
        }
    }

    /// Gives it to a system call.
    func pass<Result>(_ call: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, size) }
        }
    }

    /// The address that a socket is bound to; nil if it has none.
    static func bound(_ descriptor: Int32) -> IPEndpoint? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return result == 0 ? endpoint(storage) : nil
    }

    static func endpoint(_ storage: sockaddr_storage) -> IPEndpoint? {
        withUnsafeBytes(of: storage) { bytes in
            switch Int32(storage.ss_family) {
            case AF_INET:
                let address = bytes.load(as: sockaddr_in.self)
                return IPEndpoint(
                    .v4(UInt32(bigEndian: address.sin_addr.s_addr)),
                    port: UInt16(bigEndian: address.sin_port)
                )
            case AF_INET6:
                let address = bytes.load(as: sockaddr_in6.self)
                return withUnsafeBytes(of: address.sin6_addr) { IPAddress(bytes: $0) }
                    .map { IPEndpoint($0, port: UInt16(bigEndian: address.sin6_port)) }
            default: return nil
            }
        }
    }
}

extension IPAddress {
    /// The address family for sockets.
    var family: Int32 { isIPv6 ? AF_INET6 : AF_INET }
    /// No particular address of the same family.
    var unspecified: IPAddress { isIPv6 ? .v6(high: 0, low: 0, zone: 0) : .v4(0) }
}
