internal import Crypto
public import FerryCore
internal import X509

extension CertificateAuthority {
    /// Makes an authority in `directory`, which must not exist or be empty; valid for ten years.
    ///
    /// Without a name it is called `Ferry CA` and the first digits of its key's digest, so that two can be told apart.
    /// - Throws: `FerryError` with an `identity.*` code; nothing is left behind then.
    public static func create(in directory: String, name: String? = nil) throws(FerryError) -> CertificateAuthority {
        try create(in: directory, name: name, now: .now())
    }

    static func create(in directory: String, name: String?, now: UTCTime) throws(FerryError) -> CertificateAuthority {
        if let name { try checkName(name) }
        if IdentityFile.exists(IdentityFile.path(directory, IdentityFile.authority)) {
            throw FerryError(
                .identityExists,
                operation: "make an authority in",
                subject: directory,
                cause: "there is one already",
                advice: "Use it with `ferry pki issue`, or give another directory; an authority is never overwritten."
            )
        }
        let key = P256.Signing.PrivateKey()
        let digest = Hexadecimal.text(SHA256.hash(data: key.publicKey.x963Representation).prefix(4))
        let certificate = try selfSigned(
            Certificate.PrivateKey(key),
            name: name ?? "Ferry CA \(digest)",
            now: now
        )
        let authority = CertificateAuthority(
            directory: directory,
            certificate: try AuthorityCertificate(certificate, from: "the new authority"),
            warnings: [],
            key: Certificate.PrivateKey(key)
        )
        let keyText = try CertificateText.pem(authority.key)
        var target = try NewDirectory(at: directory, for: "an authority")
        do {
            try target.write(IdentityFile.authorityKey, keyText, mode: 0o600)
            try target.write(IdentityFile.authority, authority.certificate.pem, mode: 0o644)
        } catch {
            target.discard()
            throw error
        }
        return authority
    }

    private static func selfSigned(
        _ key: Certificate.PrivateKey,
        name: String,
        now: UTCTime
    ) throws(FerryError) -> Certificate {
        try CertificateText.made("the authority's certificate") {
            let subject = try DistinguishedName { CommonName(name) }
            return try Certificate(
                version: .v3,
                serialNumber: .random(),
                publicKey: key.publicKey,
                notValidBefore: now.anHourBefore.date,
                notValidAfter: Lifetime.authority.after(now).date,
                issuer: subject,
                subject: subject,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: CertificateProfile.authority(key: key.publicKey),
                issuerPrivateKey: key
            )
        }
    }

    private static func checkName(_ name: String) throws(FerryError) {
        let isPrintable = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard !name.isEmpty, name.unicodeScalars.count <= 64, isPrintable else {
            throw FerryError(
                .identityBadAuthorityName,
                operation: "name an authority",
                subject: "\"\(name)\"",
                cause: "an authority's name has 1 to 64 printable characters",
                advice: "Choose another name, or leave --name out."
            )
        }
    }
}

extension Certificate.SerialNumber {
    /// 128 random bits.
    static func random() -> Certificate.SerialNumber {
        var generator = SystemRandomNumberGenerator()
        return Certificate.SerialNumber(bytes: (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
}
