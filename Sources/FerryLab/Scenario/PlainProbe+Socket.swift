internal import Foundation

extension PlainProbe {
    /// The address and port that a socket is bound to.
    static func source(of peer: Int32) -> String? {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(peer, $0, &size) }
        }
        guard result == 0, address.sin_port != 0 else { return nil }
        return "\(IPv4Address(bits: UInt32(bigEndian: address.sin_addr.s_addr))):\(UInt16(bigEndian: address.sin_port))"
    }

    /// `tcpi_bytes_acked` of the kernel's `tcp_info`, which the C library's declaration of it may be too old to have.
    static func acknowledged(by peer: Int32) -> UInt64? {
        let offset = 120
        var information = [UInt8](repeating: 0, count: 256)
        var size = socklen_t(information.count)
        guard getsockopt(peer, Int32(IPPROTO_TCP), TCP_INFO, &information, &size) == 0, size >= offset + 8 else {
            return nil
        }
        return information.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
    }
}
