public import FerryCore
internal import X509

/// A signature that was checked, and what it rests on.
public struct VerifiedProof: Sendable {
    /// Whose proof key made the signature.
    public let identity: Identity
    /// SHA-256 over the certificate of that key.
    public let certificateFingerprint: Digest
    /// The authority that issued the certificate.
    public let authority: AuthorityCertificate
    /// Whether the checker named this authority. If not, it is the proof's own word: its fingerprint is to be compared
    /// with one had from elsewhere.
    public let isAuthorityNamed: Bool
}

/// Checks a signature that a ``ProofSigner`` made: offline, from bytes alone.
public struct ProofVerifier: Sendable {
    private let named: AuthorityCertificate?

    /// A verifier that accepts proofs under `authority` only, or, without one, under whatever authority they bring.
    public init(authority: AuthorityCertificate?) { named = authority }

    /// Checks that `signature` is over `statement`, by the first of `certificates`, and that this certificate is a
    /// proof key's, issued by the authority, and valid at `time`.
    ///
    /// `time` is the moment that the statement itself names. Whoever has the key can write any time into a statement:
    /// this keeps an expired key from being used by mistake, not by a thief.
    /// - Throws: `FerryError` with an `identity.*` code that says which of these does not hold.
    public func verify(
        _ statement: [UInt8],
        signature: [UInt8],
        certificates: String,
        at time: UTCTime
    ) throws(FerryError) -> VerifiedProof {
        let brought = try CertificateText.certificates(in: certificates, from: "the proof")
        let leaf = try LeafCertificate(brought[0], from: "the proof's certificate")
        let authority = if let named { named } else { try ownAuthority(of: brought) }
        try leaf.check(role: .proof, authority: authority, at: time)
        let bytes = ProofSigner.signedBytes(of: statement)
        guard
            leaf.certificate.publicKey.isValidSignature(signature, for: bytes, signatureAlgorithm: .ed25519)
        else {
            throw FerryError(
                .identityBadSignature,
                operation: "confirm the signature of",
                subject: leaf.identity.uri,
                cause: "it was not made over this statement with the key of this certificate",
                advice: "The proof was changed after it was signed, or put together from two."
            )
        }
        return VerifiedProof(
            identity: leaf.identity,
            certificateFingerprint: try leaf.certificate.fingerprint(),
            authority: authority,
            isAuthorityNamed: named != nil
        )
    }

    private func ownAuthority(of brought: [Certificate]) throws(FerryError) -> AuthorityCertificate {
        guard brought.count == 2 else {
            throw FerryError(
                .identityMissing,
                operation: "check",
                subject: "the proof",
                cause: "it brings no authority's certificate, and none was named",
                advice: "Name the authority with --ca ca.pem."
            )
        }
        return try AuthorityCertificate(brought[1], from: "the proof")
    }
}
