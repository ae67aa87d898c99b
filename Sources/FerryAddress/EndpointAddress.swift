public import FerryCore

/// An address and a port: what a socket can be connected to.
public struct IPEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// The address.
    public var address: IPAddress
    /// The port, 1 to 65535.
    public var port: UInt16

    /// `port` at `address`.
    public init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// Reads `192.0.2.1:8703` or `[2001:db8::1]:8703`; nil for anything else, names too.
    public init?(parsing text: String) {
        guard let endpoint = try? EndpointAddress(parsing: text), case .address(let address) = endpoint.host else {
            return nil
        }
        self.init(address, port: endpoint.port)
    }

    /// `192.0.2.1:8703` or `[2001:db8::1]:8703`.
    public var description: String { Place.text("\(address)", port) }
}

/// An endpoint as an operator writes it: a host, by name or by address, and a port.
public struct EndpointAddress: Hashable, Sendable, CustomStringConvertible {
    /// The part before the port.
    public enum Host: Hashable, Sendable {
        /// An address, which needs no resolver.
        case address(IPAddress)
        /// A name.
        case name(DomainName)
    }

    /// The host.
    public var host: Host
    /// The port, 1 to 65535.
    public var port: UInt16

    /// `port` at `host`.
    public init(host: Host, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`: `staging.example.com:8703`, `192.0.2.1:8703` or `[2001:db8::1]:8703`.
    /// - Throws: `FerryError` with `ErrorCode.badEndpoint`, or `ErrorCode.badHostName` if only the name is wrong.
    public init(parsing text: String) throws(FerryError) {
        let bytes = Array(text.utf8)
        guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else {
            throw .badEndpoint(text, "the port is missing")
        }
        var host = bytes[..<colon]
        let isBracketed = host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]")
        if !isBracketed, bytes.first == UInt8(ascii: "[") {
            throw .badEndpoint(
                text,
                bytes.last == UInt8(ascii: "]") ? "the port is missing" : "a bracket is not closed"
            )
        }
        if !isBracketed, host.contains(UInt8(ascii: ":")) {
            if host.contains(UInt8(ascii: "/")) {
                throw .badEndpoint(text, "it is a URL, and only host and port are wanted")
            }
            throw .badEndpoint(text, "an IPv6 address needs brackets around it, because its own colons hide the port")
        }
        guard let number = Decimal.number(bytes[(colon + 1)...]), let port = UInt16(exactly: number), port > 0 else {
            throw .badEndpoint(text, "the port is not a number from 1 to 65535")
        }
        if isBracketed { host = host.dropFirst().dropLast() }
        let name = String(decoding: host, as: UTF8.self)
        guard !name.isEmpty else { throw .badEndpoint(text, "the host is missing") }
        self.port = port
        if let address = IPAddress(parsing: name), address.isIPv6 || !isBracketed {
            self.host = .address(address)
        } else if isBracketed {
            throw .badEndpoint(text, "what stands between the brackets is not an IPv6 address")
        } else {
            self.host = .name(try DomainName(parsing: name))
        }
    }

    /// The endpoint as it can be read again.
    public var description: String {
        switch host {
        case .address(let address): IPEndpoint(address, port: port).description
        case .name(let name): "\(name)\(name.isAbsolute ? "." : ""):\(port)"
        }
    }
}
