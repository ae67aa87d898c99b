/// What a plain connection says before the service speaks.
public enum PlainOpening: Sendable, Equatable {
    /// Nothing: the service greets.
    case nothing
    /// A request for the first page.
    case http
    /// The beginning of a TLS 1.3 handshake, to which a server answers whoever asks.
    case tls

    /// That of the services of a topology: HTTP at its ports, a greeting at others.
    init(port: UInt16) { self = [80, 8080].contains(port) ? .http : .nothing }

    /// The bytes.
    var bytes: [UInt8] {
        switch self {
        case .nothing: []
        case .http: Array("GET / HTTP/1.0\r\n\r\n".utf8)
        case .tls: PlainOpening.clientHello
        }
    }

    /// RFC 8446, section 4.1.2: no key share, so that the server asks for one and nothing has to be computed here.
    private static let clientHello: [UInt8] = {
        let extensions: [UInt8] =
            [0x00, 0x2B, 0, 3, 2, 0x03, 0x04]  // supported_versions: TLS 1.3
            + [0x00, 0x0A, 0, 6, 0, 4, 0x00, 0x1D, 0x00, 0x17]  // supported_groups: x25519, secp256r1
            + [0x00, 0x0D, 0, 10, 0, 8, 0x04, 0x03, 0x08, 0x04, 0x05, 0x03, 0x08, 0x07]  // signature_algorithms
            + [0x00, 0x33, 0, 2, 0, 0]  // key_share: none
        let random = [UInt8](repeating: 0x46, count: 32)
        var body: [UInt8] = [0x03, 0x03] + random + [0]
        body += [0, 6, 0x13, 0x01, 0x13, 0x02, 0x13, 0x03] + [1, 0]
        body += [UInt8(extensions.count >> 8), UInt8(extensions.count & 255)] + extensions
        let handshake: [UInt8] = [1, 0, UInt8(body.count >> 8), UInt8(body.count & 255)] + body
        return [0x16, 0x03, 0x01, UInt8(handshake.count >> 8), UInt8(handshake.count & 255)] + handshake
    }()
}
