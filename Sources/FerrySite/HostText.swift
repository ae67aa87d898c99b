internal import FerryAddress

/// Says whether texts can name hosts and ports; nothing is looked up.
enum HostText {
    static let expected = "a host name or an address"
    static let expectedPort = "a port from 1 to 65535"

    /// Whether it is an IPv4 or IPv6 address. Zones are of one host, and the file may be read on another.
    static func isAddress(_ text: String) -> Bool {
        !text.utf8.contains(UInt8(ascii: "%")) && IPAddress(parsing: text) != nil
    }

    /// Whether it is an address or a name that the DNS could have (RFC 1123).
    static func isHost(_ text: String) -> Bool { isAddress(text) || (try? DomainName(parsing: text)) != nil }

    /// The port that it is, in decimal digits and nothing else.
    static func port(_ text: String) -> UInt16? {
        wholeNumber(text).flatMap { (1...65535).contains($0) ? UInt16($0) : nil }
    }

    /// The number that it is, in at most nine decimal digits and nothing else.
    static func wholeNumber(_ text: String) -> Int? {
        guard text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0") else { return nil }
        return Decimal.number(text.utf8)
    }

    /// The parts of `HOST:PORT`, or of `[ADDRESS]:PORT` for IPv6, as they are written.
    static func endpoint(_ text: String) -> (host: String, port: UInt16)? {
        guard let colon = text.lastIndex(of: ":"), let port = port(String(text[text.index(after: colon)...])),
            (try? EndpointAddress(parsing: text)) != nil
        else { return nil }
        let host = text[..<colon]
        let bare = String(host.hasPrefix("[") ? host.dropFirst().dropLast() : host)
        return isHost(bare) ? (bare, port) : nil
    }
}
