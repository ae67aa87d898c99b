public import FerryCore
internal import FerryWire
internal import Glibc
internal import NIOCore

/// Everything that could be seen of a connection's end: the first evidence of any diagnosis.
public struct LaneEnd: Sendable {
    /// How far the connection had come.
    public enum Phase: String, Sendable {
        /// The TCP handshake.
        case connect
        /// The TLS handshake.
        case tls
        /// Ferry's hello.
        case hello
        /// Work was going on.
        case transfer
    }

    /// Who ended it.
    public enum Closer: String, Sendable {
        /// This side did.
        case us
        /// A FIN or a RST came in the peer's name; whether the peer sent it cannot be seen from one end.
        case peer
        /// Nobody: it went silent.
        case nobody
    }

    /// How far the connection had come.
    public var phase: Phase
    /// What happened, in the outcome alphabet of the event log.
    public var outcome: String
    /// The error number of the socket, if there was one.
    public var errorNumber: Int32?
    /// Bytes given to the socket.
    public var bytesSent: ByteCount
    /// Bytes that the peer has acknowledged, TLS records and all; nil if the kernel does not say.
    public var bytesAcknowledged: ByteCount? { tcp?.bytesAcknowledged.map { ByteCount($0) } }
    /// Bytes that came from the socket.
    public var bytesReceived: ByteCount
    /// Seconds from the first SYN to the end.
    public var ageSeconds: Double
    /// Seconds from the last byte that arrived to the end.
    public var idleSeconds: Double
    /// Who ended it.
    public var closedBy: Closer
    /// The address and port that the socket was bound to.
    public var source: String
    /// The address and port of the peer.
    public var destination: String
    /// The kernel's last word on the connection.
    public var tcp: TCPSample?
    /// What a person is told.
    public var error: FerryError?
}

extension LaneEnd {
    /// Writes the members of a `lane-ended` event.
    public func write(to json: inout JSONText) {
        json.member("source", source)
        let colon = destination.lastIndex(of: ":") ?? destination.endIndex
        let host = destination[..<colon]
        json.member("destination", String(host.hasPrefix("[") ? host.dropFirst().dropLast() : host))
        json.member("port", Int(destination[colon...].dropFirst()))
        json.member("phase", phase.rawValue)
        json.member("outcome", outcome)
        json.member("errno", errorNumber)
        json.member("bytesSent", bytesSent.bytes)
        json.member("bytesAcknowledged", bytesAcknowledged?.bytes)
        json.member("bytesReceived", bytesReceived.bytes)
        json.member("ageSeconds", ageSeconds)
        json.member("idleSeconds", idleSeconds)
        json.member("closedBy", closedBy.rawValue)
        json.member("code", error?.code.text)
        json.member("says", error.map { "\($0)" })
        tcp?.write(to: &json)
    }
}

extension LaneEnd {
    /// The outcome of an end in `phase`, by the event log's alphabet.
    static func outcome(phase: Phase, errorNumber: Int32?, closedBy: Closer, age: Double) -> String {
        switch (phase, errorNumber) {
        case (_, EADDRNOTAVAIL?), (_, EMFILE?), (_, ENFILE?), (_, EAFNOSUPPORT?): "APP_ERROR"
        case (.connect, ECONNREFUSED?): "REFUSED_FULL"
        case (.connect, ETIMEDOUT?), (.connect, nil): "SYN_TIMEOUT"
        case (_, EHOSTUNREACH?), (_, ENETUNREACH?), (_, EACCES?), (_, EPERM?): "ICMP"
        case (.transfer, ECONNRESET?), (.transfer, EPIPE?): "MID_RST"
        case (_, ECONNRESET?), (_, EPIPE?): "CONNECT_RST"
        case (.transfer, _): closedBy == .peer ? "MID_FIN" : closedBy == .nobody ? "MID_STALL_RX" : "OK"
        default: closedBy == .peer ? "CONNECT_FIN" : closedBy == .nobody ? "CONNECT_SILENCE" : "OK"
        }
    }
}
