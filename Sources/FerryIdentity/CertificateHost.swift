public import FerryCore
internal import Glibc

/// A host name or an IP address that a staging server's certificate is also good for.
public enum CertificateHost: Hashable, Sendable, CustomStringConvertible {
    /// A host name in lower case.
    case name(String)
    /// An IPv4 or IPv6 address: its text and its 4 or 16 bytes.
    case address(text: String, bytes: [UInt8])

    /// Reads an IPv4 address, an IPv6 address (with or without brackets) or a host name.
    /// - Throws: `FerryError` with `ErrorCode.identityBadHost`, also for wildcards, ports and names outside ASCII.
    public init(parsing text: String) throws(FerryError) {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        if let bytes = CertificateHost.bytes(bare, family: AF_INET6, count: 16) {
            self = .address(text: bare, bytes: bytes)
        } else if let bytes = CertificateHost.bytes(text, family: AF_INET, count: 4) {
            self = .address(text: text, bytes: bytes)
        } else if CertificateHost.isHostName(text) {
            self = .name(text.lowercased())
        } else {
            throw FerryError(
                .identityBadHost,
                operation: "put the host",
                subject: "\"\(text)\" into a certificate",
                cause: "it is neither an IP address nor a host name of ASCII letters, digits, dots and hyphens",
                advice: "Give a name such as staging.example.com or an address such as 192.0.2.7, without a port."
            )
        }
    }

    /// The name or the address.
    public var description: String {
        switch self {
        case .name(let name): name
        case .address(let text, _): text
        }
    }

    private static func bytes(_ text: String, family: Int32, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }

    /// A last label of digits only is a mistyped address, not a name.
    private static func isHostName(_ text: String) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, let last = labels.last else { return false }
        return !last.allSatisfy(\.isNumber)
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { byte in
                        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                            || byte == 0x2D
                    }
            }
    }
}
