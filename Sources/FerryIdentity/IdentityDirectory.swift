public import FerryCore
internal import X509

/// A directory with an identity that was checked: the files are there, belong together and are valid now.
public struct IdentityDirectory: Sendable {
    /// The directory.
    public let path: String
    /// Whom it stands for.
    public let identity: Identity
    /// The authority both ends must share.
    public let authority: AuthorityCertificate
    /// Since when it is valid.
    public let notBefore: UTCTime
    /// Until when it is valid.
    public let notAfter: UTCTime
    /// What works and should be put right: an exposed key, an end that is near.
    public let warnings: [IdentityWarning]

    /// The path of `ca.pem`.
    public var authorityPath: String { IdentityFile.path(path, IdentityFile.authority) }
    /// The path of `cert.pem`, or of `proof-cert.pem` for proofs.
    public var certificatePath: String { IdentityFile.path(path, identity.role.certificateFile) }
    /// The path of `key.pem`, or of `proof-key.pem` for proofs.
    public var keyPath: String { IdentityFile.path(path, identity.role.keyFile) }

    /// Checks the identity for `role` in `directory` as of `time`. The first thing that is wrong is the error.
    ///
    /// A staging server's directory is checked for `.staging` and, before it signs, for `.proof`.
    /// - Throws: `FerryError` with an `identity.*` code.
    public static func check(
        _ directory: String,
        role: IdentityRole,
        at time: UTCTime = .now()
    ) throws(FerryError) -> IdentityDirectory {
        try checkPresence(directory, role: role)
        let advice = "Copy the identity again, all files together."
        let certificatePath = IdentityFile.path(directory, role.certificateFile)
        let keyPath = IdentityFile.path(directory, role.keyFile)
        let authority = try AuthorityCertificate.load(from: directory)
        let certificateText = try IdentityFile.read(certificatePath, orElse: advice)
        let leaf = try LeafCertificate(
            CertificateText.certificates(in: certificateText, from: certificatePath)[0],
            from: certificatePath
        )
        let keyText = try IdentityFile.read(keyPath, orElse: advice)
        let key = try CertificateText.privateKey(in: keyText, from: keyPath)
        guard key.publicKey == leaf.certificate.publicKey else {
            throw FerryError(
                .identityKeyMismatch,
                operation: "use the identity in",
                subject: directory,
                cause: "\(role.keyFile) is not the key of \(role.certificateFile)",
                advice: "Copy the files of one identity together, or issue a new one."
            )
        }
        try leaf.check(role: role, authority: authority, at: time)
        var warnings: [IdentityWarning] = []
        if let mode = IdentityFile.exposedMode(keyPath) { warnings.append(.keyExposed(keyPath, mode: mode)) }
        if leaf.validity.endsSoon(at: time) {
            warnings.append(.expiresSoon(certificatePath, end: leaf.notAfter, now: time))
        }
        return IdentityDirectory(
            path: directory,
            identity: leaf.identity,
            authority: authority,
            notBefore: leaf.notBefore,
            notAfter: leaf.notAfter,
            warnings: warnings
        )
    }

    private static func checkPresence(_ directory: String, role: IdentityRole) throws(FerryError) {
        let needed = [IdentityFile.authority, role.certificateFile, role.keyFile]
        let missing = needed.filter { !IdentityFile.exists(IdentityFile.path(directory, $0)) }
        guard !missing.isEmpty else { return }
        let isThere = IdentityFile.exists(directory)
        throw FerryError(
            .identityMissing,
            operation: "use the identity in",
            subject: directory,
            cause: isThere ? "there is no \(missing.joined(separator: ", no "))" : "there is no such directory",
            advice: "Issue an identity with `ferry pki issue` and copy all files of its directory."
        )
    }
}

extension IdentityRole {
    var certificateFile: String { self == .proof ? IdentityFile.proofCertificates : IdentityFile.certificate }
    var keyFile: String { self == .proof ? IdentityFile.proofKey : IdentityFile.key }
}
