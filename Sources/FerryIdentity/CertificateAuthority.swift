internal import Crypto
public import FerryCore
internal import X509

/// The built-in certificate authority: one key in one directory, which issues the identities of one installation.
///
/// The directory holds `ca.pem` (for everybody), `ca-key.pem` (for nobody else) and `issued.jsonl` (what was issued).
public struct CertificateAuthority: Sendable {
    /// The directory it was loaded from.
    public let directory: String
    /// The authority's own certificate.
    public let certificate: AuthorityCertificate
    /// What should be put right about the directory.
    public let warnings: [IdentityWarning]

    let key: Certificate.PrivateKey

    /// Loads the authority in `directory`.
    /// - Throws: `FerryError` with an `identity.*` code: missing, unreadable, malformed, key mismatch, expired.
    public static func load(from directory: String) throws(FerryError) -> CertificateAuthority {
        try load(from: directory, now: .now())
    }

    static func load(from directory: String, now: UTCTime) throws(FerryError) -> CertificateAuthority {
        let certificatePath = IdentityFile.path(directory, IdentityFile.authority)
        let keyPath = IdentityFile.path(directory, IdentityFile.authorityKey)
        let certificateText = try IdentityFile.read(
            certificatePath,
            orElse: "Make an authority with `ferry pki init`, or name the directory where it was made."
        )
        let certificate = try AuthorityCertificate(pem: certificateText, from: certificatePath)
        let keyText = try IdentityFile.read(
            keyPath,
            orElse: "Only the directory that `ferry pki init` made can issue; a copy of ca.pem alone cannot."
        )
        let key = try CertificateText.privateKey(in: keyText, from: keyPath)
        guard key.publicKey == certificate.certificate.publicKey else {
            throw FerryError(
                .identityKeyMismatch,
                operation: "use the authority in",
                subject: directory,
                cause: "\(IdentityFile.authorityKey) is not the key of \(IdentityFile.authority)",
                advice: "Put back the two files that were made together."
            )
        }
        try certificate.validity.check(
            "the authority in \(directory)",
            at: now,
            advice: "Make a new authority in another directory and issue new identities."
        )
        let exposed = IdentityFile.exposedMode(keyPath)
        return CertificateAuthority(
            directory: directory,
            certificate: certificate,
            warnings: exposed.map { [.keyExposed(keyPath, mode: $0)] } ?? [],
            key: key
        )
    }
}
