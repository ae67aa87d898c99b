public import FerryCore
internal import FoundationEssentials
internal import X509

/// One certificate that an authority issued: a line of its `issued.jsonl`.
public struct IssuedCertificate: Hashable, Sendable {
    /// Whom it stands for.
    public let identity: Identity
    /// Its serial number in hexadecimal digits.
    public let serial: String
    /// When it was issued.
    public let issued: UTCTime
    /// Until when it is valid.
    public let notAfter: UTCTime
    /// SHA-256 over the certificate.
    public let fingerprint: FerryCore.Digest

    init(_ certificate: Certificate, of identity: Identity, issued: UTCTime) throws(FerryError) {
        self.identity = identity
        serial = certificate.serialText
        self.issued = issued
        notAfter = UTCTime(certificate.notValidAfter)
        fingerprint = try certificate.fingerprint()
    }
}
