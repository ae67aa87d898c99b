internal import Glibc

/// Says whether texts can name hosts and ports; nothing is looked up.
enum HostText {
    static let expected = "a host name or an address"
    static let expectedPort = "a port from 1 to 65535"

    /// Whether it is an IPv4 or IPv6 address.
    static func isAddress(_ text: String) -> Bool {
        // What inet_pton takes besides, a name of a C library may not.
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return false }
        var room = in6_addr()
        return text.withCString { inet_pton(AF_INET, $0, &room) == 1 || inet_pton(AF_INET6, $0, &room) == 1 }
    }

    /// Whether it is an address or a name that the DNS could have (RFC 1123).
    static func isHost(_ text: String) -> Bool {
        if isAddress(text) { return true }
        let name = text.hasSuffix(".") ? text.dropLast() : text[...]
        guard !name.isEmpty, name.utf8.count <= 253 else { return false }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let isNamed = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                        || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                }
        }
        // No top-level domain is a number: 198.51.100.256 is an address with a slip in it.
        return isNamed && !(labels.last ?? "").utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// The port that it is, in decimal digits and nothing else.
    static func port(_ text: String) -> UInt16? {
        wholeNumber(text).flatMap { (1...65535).contains($0) ? UInt16($0) : nil }
    }

    /// The number that it is, in at most nine decimal digits and nothing else.
    static func wholeNumber(_ text: String) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0")
        else { return nil }
        return Int(text)
    }

    /// The parts of `HOST:PORT`, or of `[ADDRESS]:PORT` for IPv6.
    static func endpoint(_ text: String) -> (host: String, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":"), let port = port(String(text[text.index(after: colon)...])) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        return isHost(String(host)) ? (String(host), port) : nil
    }
}
