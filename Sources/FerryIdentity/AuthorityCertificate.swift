public import FerryCore
internal import FoundationEssentials
internal import X509

/// The certificate of an authority, without its key: all that is needed to check what it issued.
public struct AuthorityCertificate: Sendable {
    /// The authority's name.
    public let name: String
    /// SHA-256 over the certificate: two authorities of the same name differ here.
    public let fingerprint: FerryCore.Digest
    /// Since when it is valid.
    public let notBefore: UTCTime
    /// Until when it is valid.
    public let notAfter: UTCTime
    /// The certificate in PEM form.
    public let pem: String

    let certificate: Certificate

    /// The authority's certificate in the directory of an authority or of an identity.
    /// - Throws: `FerryError` with an `identity.*` code.
    public static func load(from directory: String) throws(FerryError) -> AuthorityCertificate {
        try AuthorityCertificate(file: IdentityFile.path(directory, IdentityFile.authority))
    }

    /// The authority's certificate in the file at `path`.
    /// - Throws: `FerryError` with an `identity.*` code.
    public init(file path: String) throws(FerryError) {
        let text = try IdentityFile.read(
            path,
            orElse: "Name what `ferry pki init` made: the directory, or the ca.pem in it."
        )
        try self.init(pem: text, from: path)
    }

    /// The authority's certificate in `pem`; `subject` says in errors where that came from.
    /// - Throws: `FerryError` with an `identity.*` code, also if it is not an authority's certificate.
    public init(pem: String, from subject: String) throws(FerryError) {
        let certificates = try CertificateText.certificates(in: pem, from: subject)
        guard certificates.count == 1 else {
            throw AuthorityCertificate.malformed(subject, "it holds \(certificates.count) certificates instead of one")
        }
        try self.init(certificates[0], from: subject)
    }

    init(_ certificate: Certificate, from subject: String) throws(FerryError) {
        guard case .isCertificateAuthority? = try? certificate.extensions.basicConstraints,
            (try? certificate.extensions.keyUsage)??.keyCertSign == true
        else {
            throw AuthorityCertificate.malformed(subject, "it is not the certificate of an authority")
        }
        guard certificate.issuer == certificate.subject,
            certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
        else {
            throw AuthorityCertificate.malformed(subject, "it is not signed by its own key")
        }
        guard let name = Certificate.commonName(of: certificate.subject) else {
            throw AuthorityCertificate.malformed(subject, "it has no name")
        }
        self.name = name
        fingerprint = try certificate.fingerprint()
        notBefore = UTCTime(certificate.notValidBefore)
        notAfter = UTCTime(certificate.notValidAfter)
        pem = try CertificateText.pem(certificate)
        self.certificate = certificate
    }

    private static func malformed(_ subject: String, _ cause: String) -> FerryError {
        FerryError(
            .identityMalformed,
            operation: "use the authority's certificate in",
            subject: subject,
            cause: cause,
            advice: "Use the ca.pem that `ferry pki init` wrote."
        )
    }
}
