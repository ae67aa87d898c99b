public import FerryCore
internal import Glibc
public import NIOSSL

/// Says in words why a TLS handshake failed.
public enum TLSFailure {
    /// The failure of a handshake with `peer`, or nil if `error` is not one of TLS.
    /// - Parameter certificate: the certificate that the peer showed, if it came so far.
    public static func explain(_ error: any Error, peer: String, certificate: NIOSSLCertificate?) -> FerryError? {
        guard error is NIOSSLError || error is BoringSSLError else { return nil }
        let text = "\(error)".uppercased()
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return FerryError(
                .tlsPeerRefused,
                operation: "trust",
                subject: peer,
                cause: certificate.map(reasonToRefuse) ?? "its certificate is not of our certificate authority",
                advice: "Issue both sides' identities with the same \"ferry pki\" directory, and see that the clocks "
                    + "are right."
            )
        }
        for (alert, cause) in alerts where text.contains(alert) {
            return FerryError(
                .tlsRefusedByPeer,
                operation: "be trusted",
                subject: "by \(peer)",
                cause: cause,
                advice: "Issue this side's identity anew with the \"ferry pki\" directory that the other side trusts."
            )
        }
        let stranger = strangers.first { text.contains($0.0) }?.1 ?? "the handshake failed (\(error))"
        return FerryError(
            .tlsNotFerry,
            operation: "speak TLS",
            subject: "with \(peer)",
            cause: stranger,
            advice: "Check that the address and the port are those of Ferry, and that nothing on the way answers "
                + "in its place.",
            retry: .reconnect
        )
    }

    private static func reasonToRefuse(_ certificate: NIOSSLCertificate) -> String {
        let now = time(nil)
        if certificate.notValidAfter < now {
            return "its certificate expired at \(UTCTime(microseconds: Int64(certificate.notValidAfter) * 1_000_000))"
        }
        if certificate.notValidBefore > now {
            let start = UTCTime(microseconds: Int64(certificate.notValidBefore) * 1_000_000)
            return "its certificate is not valid before \(start)"
        }
        return "its certificate was issued by another authority, or for another role"
    }

    private static let alerts = [
        ("ALERT_CERTIFICATE_EXPIRED", "it says that our certificate has expired"),
        ("ALERT_UNKNOWN_CA", "it does not know the authority that issued our certificate"),
        ("ALERT_BAD_CERTIFICATE", "it says that our certificate is bad"),
        ("ALERT_UNSUPPORTED_CERTIFICATE", "it says that our certificate is for another role"),
        ("ALERT_CERTIFICATE_UNKNOWN", "it does not accept our certificate"),
        ("ALERT_CERTIFICATE_REQUIRED", "it demands a certificate, and we showed none"),
        ("ALERT_ACCESS_DENIED", "it denies us access"),
    ]

    private static let strangers = [
        ("HTTP_REQUEST", "it speaks HTTP without TLS"),
        ("HTTPS_PROXY_REQUEST", "it speaks to an HTTP proxy"),
        ("WRONG_VERSION_NUMBER", "it does not speak TLS"),
        ("UNSUPPORTED_PROTOCOL", "it does not speak TLS 1.3"),
        ("ALERT_PROTOCOL_VERSION", "it does not speak TLS 1.3"),
        ("NO_APPLICATION_PROTOCOL", "it does not speak Ferry's protocol"),
        ("EOF DURING HANDSHAKE", "the connection was closed during the handshake"),
        ("UNCLEANSHUTDOWN", "it closed the connection during the handshake"),
    ]
}
