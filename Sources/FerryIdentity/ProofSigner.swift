public import FerryCore
internal import X509

/// Signs statements with a staging server's proof key, so that anybody with the authority's certificate can check them.
///
/// The signature is Ed25519 over ``prefix`` followed by the statement, byte for byte.
public struct ProofSigner: Sendable {
    /// What stands before every statement when it is signed: a signature made for a proof is good for nothing else.
    public static let prefix = "ferry proof 1\n"

    /// Whose proofs these are.
    public let identity: Identity
    /// The signer's certificate and then the authority's, in PEM form: to be put into the proof beside the signature.
    public let certificates: String
    /// The first moment at which a signature counts.
    public let notBefore: UTCTime
    /// The last moment at which a signature counts.
    public let notAfter: UTCTime

    private let leaf: LeafCertificate
    private let authority: AuthorityCertificate
    private let key: Certificate.PrivateKey

    /// A signer with the `proof-cert.pem` and `proof-key.pem` of a staging server's directory.
    /// - Throws: `FerryError` with an `identity.*` code if they cannot be used at `time`.
    public init(directory: String, at time: UTCTime = .now()) throws(FerryError) {
        let checked = try IdentityDirectory.check(directory, role: .proof, at: time)
        let advice = "Copy the identity again, all files together."
        let text = try IdentityFile.read(checked.certificatePath, orElse: advice)
        let certificate = try CertificateText.certificates(in: text, from: checked.certificatePath)[0]
        leaf = try LeafCertificate(certificate, from: checked.certificatePath)
        key = try CertificateText.privateKey(
            in: IdentityFile.read(checked.keyPath, orElse: advice),
            from: checked.keyPath
        )
        authority = checked.authority
        identity = checked.identity
        notBefore = max(leaf.notBefore, authority.notBefore)
        notAfter = min(leaf.notAfter, authority.notAfter)
        certificates = try CertificateText.pem(certificate) + authority.pem
    }

    /// The 64 bytes of the signature over `statement`, which says of itself that it was made at `time`.
    /// - Throws: `FerryError` with `ErrorCode.identityExpired` or `.identityNotYetValid` if no checker would accept it.
    public func sign(_ statement: [UInt8], at time: UTCTime) throws(FerryError) -> [UInt8] {
        try leaf.check(role: .proof, authority: authority, at: time)
        return try CertificateText.made("a signature") {
            try key.sign(bytes: ProofSigner.signedBytes(of: statement), signatureAlgorithm: .ed25519).rawRepresentation
        }
    }

    /// What the signature is over.
    static func signedBytes(of statement: [UInt8]) -> [UInt8] { Array(prefix.utf8) + statement }
}
