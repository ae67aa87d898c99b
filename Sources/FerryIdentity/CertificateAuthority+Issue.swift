internal import Crypto
public import FerryCore
internal import X509

/// What one call issued and where it lies.
public struct IssuedIdentity: Sendable {
    /// The directory, readable by its owner only.
    public let directory: String
    /// The names of the files in it.
    public let files: [String]
    /// The certificates issued: one for an agent; for a staging server also the one of its proof key.
    public let certificates: [IssuedCertificate]
}

extension CertificateAuthority {
    /// Issues an agent's identity into `directory`, which must not exist or be empty: `ca.pem`, `cert.pem`, `key.pem`.
    ///
    /// A certificate never outlives the authority's own.
    /// - Throws: `FerryError` with an `identity.*` code.
    public func issue(
        agent: AgentName,
        to directory: String,
        lifetime: Lifetime = .usual
    ) throws(FerryError) -> IssuedIdentity {
        try issue(agent: agent, to: directory, lifetime: lifetime, now: .now())
    }

    /// Issues a staging server's identity into `directory`, which must not exist or be empty: the three files
    /// of an agent, and `proof-cert.pem` and `proof-key.pem` to sign proofs with for five years.
    /// - Throws: `FerryError` with an `identity.*` code.
    public func issue(
        staging: StagingName,
        hosts: [CertificateHost] = [],
        to directory: String,
        lifetime: Lifetime = .usual
    ) throws(FerryError) -> IssuedIdentity {
        try issue(staging: staging, hosts: hosts, to: directory, lifetime: lifetime, now: .now())
    }

    /// Issues a vantage's identity into `directory`, which must not exist or be empty: the three files of an agent.
    /// - Throws: `FerryError` with an `identity.*` code.
    public func issue(
        vantage: AgentName,
        to directory: String,
        lifetime: Lifetime = .usual
    ) throws(FerryError) -> IssuedIdentity {
        try issue(plain: Identity(vantage: vantage), to: directory, lifetime: lifetime, now: .now())
    }

    /// Issues the identity of whoever diagnoses and asks vantages into `directory`, which must not exist or be empty: the
    /// three files of an agent.
    /// - Throws: `FerryError` with an `identity.*` code.
    public func issue(
        operator: AgentName,
        to directory: String,
        lifetime: Lifetime = .usual
    ) throws(FerryError) -> IssuedIdentity {
        try issue(plain: Identity(operator: `operator`), to: directory, lifetime: lifetime, now: .now())
    }

    func issue(
        agent: AgentName,
        to directory: String,
        lifetime: Lifetime,
        now: UTCTime
    ) throws(FerryError) -> IssuedIdentity {
        try issue(plain: Identity(agent: agent), to: directory, lifetime: lifetime, now: now)
    }

    private func issue(
        plain identity: Identity,
        to directory: String,
        lifetime: Lifetime,
        now: UTCTime
    ) throws(FerryError) -> IssuedIdentity {
        let request = Request(
            identity: identity,
            hosts: [],
            key: Certificate.PrivateKey(P256.Signing.PrivateKey()),
            lifetime: lifetime,
            keyFile: IdentityFile.key,
            certificateFile: IdentityFile.certificate
        )
        return try issue([request], to: directory, now: now)
    }

    func issue(
        staging: StagingName,
        hosts: [CertificateHost],
        to directory: String,
        lifetime: Lifetime,
        now: UTCTime
    ) throws(FerryError) -> IssuedIdentity {
        let connection = Request(
            identity: Identity(staging: staging),
            hosts: hosts,
            key: Certificate.PrivateKey(P256.Signing.PrivateKey()),
            lifetime: lifetime,
            keyFile: IdentityFile.key,
            certificateFile: IdentityFile.certificate
        )
        let proof = Request(
            identity: Identity(proofsOf: staging),
            hosts: [],
            key: Certificate.PrivateKey(Curve25519.Signing.PrivateKey()),
            lifetime: .proof,
            keyFile: IdentityFile.proofKey,
            certificateFile: IdentityFile.proofCertificates
        )
        return try issue([connection, proof], to: directory, now: now)
    }

    private struct Request {
        let identity: Identity
        let hosts: [CertificateHost]
        let key: Certificate.PrivateKey
        let lifetime: Lifetime
        let keyFile: String
        let certificateFile: String
    }

    /// The record is durable before a file exists: whatever may be out there is in it.
    private func issue(_ requests: [Request], to directory: String, now: UTCTime) throws(FerryError) -> IssuedIdentity {
        var target = try NewDirectory(at: directory, for: "an identity")
        do {
            var issued: [IssuedCertificate] = []
            var files = [(name: IdentityFile.authority, text: certificate.pem, mode: 0o644 as UInt32)]
            for request in requests {
                let leaf = try sign(request, now: now)
                issued.append(try IssuedCertificate(leaf, of: request.identity, issued: now))
                files.append((request.keyFile, try CertificateText.pem(request.key), 0o600))
                let chain = request.identity.role == .proof ? certificate.pem : ""
                files.append((request.certificateFile, try CertificateText.pem(leaf) + chain, 0o644))
            }
            try IssuedRecord.append(issued, in: self.directory)
            for file in files { try target.write(file.name, file.text, mode: file.mode) }
            return IssuedIdentity(directory: directory, files: files.map(\.name).sorted(), certificates: issued)
        } catch {
            target.discard()
            throw error
        }
    }

    private func sign(_ request: Request, now: UTCTime) throws(FerryError) -> Certificate {
        try CertificateText.made("the certificate of \(request.identity)") {
            try Certificate(
                version: .v3,
                serialNumber: .random(),
                publicKey: request.key.publicKey,
                notValidBefore: now.anHourBefore.date,
                notValidAfter: min(request.lifetime.after(now), certificate.notAfter).date,
                issuer: certificate.certificate.subject,
                subject: DistinguishedName { CommonName(request.identity.name) },
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: CertificateProfile.leaf(
                    request.identity,
                    hosts: request.hosts,
                    key: request.key.publicKey,
                    authority: certificate.certificate.publicKey
                ),
                issuerPrivateKey: key
            )
        }
    }
}
