public import FerryAddress
internal import Glibc

/// The addresses of this host.
public enum HostAddresses {
    /// All but those of loopback devices' own networks.
    static func all() -> [String] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var found: [String] = []
        var next = list
        while let one = next {
            next = one.pointee.ifa_next
            guard let address = one.pointee.ifa_addr, let read = read(address) else { continue }
            let text = "\(read)"
            guard !text.hasPrefix("127."), text != "::1", !text.hasPrefix("fe80:"), !found.contains(text) else {
                continue
            }
            found.append(text)
        }
        return found
    }

    /// Whether this host lets its programs call from `address`.
    public static func has(_ address: IPAddress) -> Bool {
        let descriptor = socket(
            address.isIPv6 ? AF_INET6 : AF_INET,
            Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue),
            0
        )
        // Whoever cannot even ask is told by the probe itself.
        guard descriptor >= 0 else { return true }
        defer { close(descriptor) }
        let bound = KernelAddress(IPEndpoint(address, port: 0)).pass { bind(descriptor, $0, $1) }
        return bound == 0 || errno != EADDRNOTAVAIL
    }

    private static func read(_ address: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                .v4(UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin6_addr) { IPAddress(bytes: $0) }
            }
        default: nil
        }
    }
}
