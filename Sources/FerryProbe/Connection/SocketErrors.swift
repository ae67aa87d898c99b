internal import CFerryLinux
internal import FerryAddress
internal import FerryEvidence
internal import Glibc

/// ICMP errors that the kernel keeps for a socket.
enum SocketErrors {
    /// Whether errors are to be kept. On a connection that stands they would also end it, which they do not do to others.
    static func keep(_ descriptor: Int32, _ wanted: Bool) { ferry_socket_errors(descriptor, wanted ? 1 : 0) }

    /// The first of those that wait and come from the network.
    static func take(_ descriptor: Int32, seconds: Double) -> ICMPFacts? {
        var first: ICMPFacts?
        var error = ferry_socket_error()
        while ferry_socket_error_next(descriptor, &error) == 1 {
            guard first == nil, error.origin == 2 || error.origin == 3 else { continue }
            let bytes = withUnsafeBytes(of: error.from) { Array($0) }
            let from = IPAddress(bytes: bytes.prefix(error.family == 6 ? 16 : 4))
            var facts = ICMPFacts(
                type: Int(error.type),
                code: Int(error.code),
                from: error.family == 0 ? "" : from.map { "\($0)" } ?? "",
                seconds: seconds
            )
            if error.information > 0 { facts.pathUnit = Int(error.information) }
            if error.time_to_live >= 0 { facts.timeToLive = Int(error.time_to_live) }
            if error.quotes != 0 {
                var quoted = QuotedPacket()
                quoted.sourcePort = error.source_port
                quoted.destinationPort = error.destination_port
                quoted.sequence = error.sequence
                facts.quoted = quoted
            }
            first = facts
        }
        return first
    }
}

/// Failures in the words of OONI (df-007), which others who look for tampering understand.
enum FailureWords {
    static func of(_ number: Int32) -> String {
        switch number {
        case ECONNREFUSED: "connection_refused"
        case ECONNRESET, EPIPE: "connection_reset"
        case ECONNABORTED: "connection_aborted"
        case ETIMEDOUT: timeout
        case EHOSTUNREACH, EHOSTDOWN: "host_unreachable"
        case ENETUNREACH, ENONET: "network_unreachable"
        case EADDRNOTAVAIL: "address_not_available"
        case EADDRINUSE: ProbeRecord.portInUse
        case EACCES, EPERM: "permission_denied"
        case EMSGSIZE: "message_size"
        case ENOPROTOOPT: "no_protocol_option"
        default: "unknown_failure: \(String(cString: strerror(number)))"
        }
    }
    static let timeout = "generic_timeout_error"
    static let end = "eof_error"
    static let name = ProbeRecord.nameNotFound
}
