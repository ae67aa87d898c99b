internal import FerryCore
internal import FoundationEssentials
internal import X509

/// A certificate that stands for somebody, and whether it may, for a role, at a time, under an authority.
struct LeafCertificate: Sendable {
    let certificate: Certificate
    let identity: Identity
    /// Where it was read from, for errors.
    let source: String

    /// Takes `certificate` for what it says, which `check` has yet to confirm.
    init(_ certificate: Certificate, from source: String) throws(FerryError) {
        let names = (try? certificate.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames()
        var uris: [String] = []
        for case .uniformResourceIdentifier(let uri) in names where uri.hasPrefix(Identity.scheme) {
            uris.append(uri)
        }
        guard uris.count == 1, let identity = Identity(uri: uris[0]) else {
            throw FerryError(
                .identityMalformed,
                operation: "use the certificate in",
                subject: source,
                cause: uris.isEmpty ? "it names no Ferry identity" : "it does not name one Ferry identity",
                advice: "Use a certificate that `ferry pki issue` wrote."
            )
        }
        self.certificate = certificate
        self.identity = identity
        self.source = source
    }

    var validity: Validity { Validity(from: notBefore, to: notAfter) }
    var notBefore: UTCTime { UTCTime(certificate.notValidBefore) }
    var notAfter: UTCTime { UTCTime(certificate.notValidAfter) }

    /// Checks signature, form, role and time, in this order; the first that fails is the error.
    func check(role: IdentityRole, authority: AuthorityCertificate, at time: UTCTime) throws(FerryError) {
        try checkIssuer(authority)
        try checkForm()
        try checkRole(role)
        try validity.check(source, at: time, advice: "Issue a new identity.")
        try authority.validity.check(
            "the authority \"\(authority.name)\"",
            at: time,
            advice: "Make a new authority with `ferry pki init` and issue new identities."
        )
    }

    private func checkIssuer(_ authority: AuthorityCertificate) throws(FerryError) {
        guard certificate.issuer == authority.certificate.subject,
            authority.certificate.publicKey.isValidSignature(certificate.signature, for: certificate)
        else {
            let issuer = Certificate.commonName(of: certificate.issuer) ?? "an authority without a name"
            let isSameName = issuer == authority.name ? ", another authority of the same name" : ""
            throw FerryError(
                .identityWrongAuthority,
                operation: "trust",
                subject: source,
                cause: "it was issued by \"\(issuer)\"\(isSameName), not by \"\(authority.name)\" "
                    + "with fingerprint \(authority.fingerprint)",
                advice: "Both ends must hold certificates from one authority: issue this one again there."
            )
        }
    }

    private func checkForm() throws(FerryError) {
        guard CertificateProfile.isLeaf(certificate) else {
            throw FerryError(
                .identityMalformed,
                operation: "use the certificate in",
                subject: source,
                cause: "it is not an end certificate of the form that Ferry issues",
                advice: "Use a certificate that `ferry pki issue` wrote."
            )
        }
    }

    private func checkRole(_ role: IdentityRole) throws(FerryError) {
        let usage = try? certificate.extensions.keyUsage
        let purposes = try? certificate.extensions.extendedKeyUsage
        let expected = CertificateProfile.purpose(of: role).map { [$0] } ?? []
        guard identity.role == role, usage == CertificateProfile.usage(of: role),
            purposes.map(Array.init) ?? [] == expected
        else {
            throw FerryError(
                .identityWrongRole,
                operation: "use \(source) as",
                subject: role.phrase,
                cause: identity.role == role
                    ? "its key usage is not that of \(role.phrase)" : "it is for \(identity.role.phrase), \(identity)",
                advice: "Issue a certificate for this role with `ferry pki issue`."
            )
        }
    }
}

extension IdentityRole {
    /// As in "it is for …".
    var phrase: String {
        switch self {
        case .agent: "an agent"
        case .staging: "a staging server"
        case .vantage: "a vantage"
        case .operator: "an operator"
        case .proof: "a proof key"
        }
    }
}
