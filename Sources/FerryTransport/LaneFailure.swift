internal import FerryCore
internal import Glibc
internal import NIOCore
internal import NIOSSL

/// Says in words why a connection could not be made, or ended.
enum LaneFailure {
    static func explain(
        _ error: any Error,
        peer: String,
        phase: LaneEnd.Phase,
        certificate: NIOSSLCertificate?
    ) -> FerryError {
        if let error = error as? FerryError { return error }
        if phase != .transfer, let error = TLSFailure.explain(error, peer: peer, certificate: certificate) {
            return error
        }
        return FerryError(
            .laneEnded,
            operation: phase == .connect ? "connect" : "go on",
            subject: phase == .connect ? "to \(peer)" : "over the connection to \(peer)",
            cause: cause(error),
            advice: "Ferry tries again by itself.",
            retry: .reconnect
        )
    }

    /// The TCP handshake was answered, and nothing after it.
    static func silentHandshake(_ peer: String) -> FerryError {
        FerryError(
            .laneEnded,
            operation: "speak TLS",
            subject: "with \(peer)",
            cause: "it accepted the connection and then said nothing",
            advice: "Ferry tries again by itself; something on the way may answer in the server's place.",
            retry: .reconnect
        )
    }

    private static func cause(_ error: any Error) -> String {
        if let error = error as? IOError { return words(error.errnoCode) }
        if case NIOSSLError.uncleanShutdown = error { return "it was closed without a farewell" }
        if error is BoringSSLError || error is NIOSSLError {
            let text = "\(error)".uppercased()
            if text.contains("BAD_RECORD_MAC") || text.contains("DECRYPTION_FAILED") {
                return "what arrived is not what was sent: a record failed its integrity check"
            }
            return "TLS failed (\(error))"
        }
        if case ChannelError.connectTimeout(let limit) = error {
            return "nobody answered within \(limit.nanoseconds / 1_000_000_000) s"
        }
        return "\(error)"
    }

    static func words(_ number: Int32) -> String {
        switch number {
        case ECONNREFUSED: "the connection was refused: nobody listens there, or something on the way says so"
        case ECONNRESET, EPIPE: "the connection was reset"
        case ETIMEDOUT: "nobody answered"
        case EHOSTUNREACH, ENETUNREACH: "there is no route to it"
        default: String(cString: strerror(number))
        }
    }
}
