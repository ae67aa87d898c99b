internal import Crypto
internal import FerryCore
internal import SwiftASN1
internal import X509

/// What stands in the extensions of each kind of certificate.
enum CertificateProfile {
    /// An authority that issues end certificates only.
    static func authority(key: Certificate.PublicKey) throws -> Certificate.Extensions {
        try Certificate.Extensions {
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
            Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            SubjectKeyIdentifier(keyIdentifier: identifier(of: key))
            AuthorityKeyIdentifier(keyIdentifier: identifier(of: key))
        }
    }

    /// An end certificate for one identity.
    static func leaf(
        _ identity: Identity,
        hosts: [CertificateHost],
        key: Certificate.PublicKey,
        authority: Certificate.PublicKey
    ) throws -> Certificate.Extensions {
        var extensions = try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            Critical(usage(of: identity.role))
            SubjectKeyIdentifier(keyIdentifier: identifier(of: key))
            AuthorityKeyIdentifier(keyIdentifier: identifier(of: authority))
            SubjectAlternativeNames([.uniformResourceIdentifier(identity.uri)] + hosts.map(generalName))
        }
        if let purpose = purpose(of: identity.role) {
            try extensions.append(Certificate.Extension(ExtendedKeyUsage([purpose]), critical: false))
        }
        return extensions
    }

    /// Whether `certificate` has the form that `leaf` gives, and no critical extension that nobody here would look at.
    static func isLeaf(_ certificate: Certificate) -> Bool {
        let known: [ASN1ObjectIdentifier] = [
            .X509ExtensionID.basicConstraints, .X509ExtensionID.keyUsage, .X509ExtensionID.extendedKeyUsage,
            .X509ExtensionID.subjectAlternativeName,
        ]
        guard certificate.version == .v3, certificate.extensions.allSatisfy({ !$0.critical || known.contains($0.oid) }),
            case .notCertificateAuthority? = try? certificate.extensions.basicConstraints
        else { return false }
        return true
    }

    /// A proof key may not sign TLS handshakes: without digitalSignature, TLS libraries refuse it on either side.
    static func usage(of role: IdentityRole) -> KeyUsage {
        switch role {
        case .agent, .staging, .vantage, .operator: KeyUsage(digitalSignature: true)
        case .proof: KeyUsage(nonRepudiation: true)
        }
    }

    static func purpose(of role: IdentityRole) -> ExtendedKeyUsage.Usage? {
        switch role {
        case .agent, .operator: .clientAuth
        case .staging, .vantage: .serverAuth
        case .proof: nil
        }
    }

    private static func generalName(_ host: CertificateHost) -> GeneralName {
        switch host {
        case .name(let name): .dnsName(name)
        case .address(_, let bytes): .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
        }
    }

    /// RFC 7093, method 1: the first 160 bits of the key's SHA-256.
    private static func identifier(of key: Certificate.PublicKey) -> ArraySlice<UInt8> {
        Array(SHA256.hash(data: key.subjectPublicKeyInfoBytes).prefix(20))[...]
    }
}
