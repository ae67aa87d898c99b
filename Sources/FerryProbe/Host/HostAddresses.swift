internal import FerryResolver
internal import Glibc

/// The addresses of this host.
enum HostAddresses {
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
