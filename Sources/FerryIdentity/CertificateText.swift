internal import Crypto
internal import FerryCore
internal import FoundationEssentials
internal import SwiftASN1
internal import X509

/// Certificates and keys to and from PEM, with errors that name the file.
enum CertificateText {
    /// All certificates in `text`, at least one; `subject` is where the text came from.
    static func certificates(in text: String, from subject: String) throws(FerryError) -> [Certificate] {
        let malformed = { (cause: String) in
            FerryError(
                .identityMalformed,
                operation: "read a certificate from",
                subject: subject,
                cause: cause,
                advice: "Put back the file as it was issued, or issue a new one."
            )
        }
        guard text.utf8.count <= IdentityFile.largest else {
            throw malformed("it is larger than \(ByteCount(IdentityFile.largest))")
        }
        guard let documents = try? PEMDocument.parseMultiple(pemString: text), !documents.isEmpty else {
            throw malformed("it is not in PEM form")
        }
        var certificates: [Certificate] = []
        for document in documents {
            guard document.discriminator == Certificate.defaultPEMDiscriminator else {
                throw malformed("it holds a \(ForeignText.name(document.discriminator)) where a CERTIFICATE should be")
            }
            guard let certificate = try? Certificate(pemDocument: document) else {
                throw malformed("what it holds is not an X.509 certificate")
            }
            certificates.append(certificate)
        }
        return certificates
    }

    /// The one private key in `text`.
    static func privateKey(in text: String, from subject: String) throws(FerryError) -> Certificate.PrivateKey {
        guard let key = try? Certificate.PrivateKey(pemEncoded: text) else {
            throw FerryError(
                .identityMalformed,
                operation: "read a private key from",
                subject: subject,
                cause: "it is not an unencrypted private key in PEM form",
                advice: "Put back the file as it was issued, or issue a new identity."
            )
        }
        return key
    }

    static func pem(_ certificate: Certificate) throws(FerryError) -> String {
        try made("a certificate") { try certificate.serializeAsPEM().pemString + "\n" }
    }

    static func pem(_ key: Certificate.PrivateKey) throws(FerryError) -> String {
        try made("a private key") { try key.serializeAsPEM().pemString + "\n" }
    }

    /// What only a defect of Ferry or of its libraries can make fail.
    static func made<Result>(_ what: String, _ body: () throws -> Result) throws(FerryError) -> Result {
        do {
            return try body()
        } catch {
            throw FerryError(
                .identityMalformed,
                operation: "make",
                subject: what,
                cause: "\(error)",
                advice: "This is a defect of Ferry: please report it."
            )
        }
    }
}

extension Certificate {
    /// SHA-256 over the certificate's DER form, as `openssl x509 -fingerprint -sha256` has it.
    func fingerprint() throws(FerryError) -> FerryCore.Digest {
        let bytes = try CertificateText.made("a fingerprint") { () throws -> [UInt8] in
            var serializer = DER.Serializer()
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
        return SHA256.hash(data: bytes).withUnsafeBytes { FerryCore.Digest(bytes: $0) }
    }

    /// The first common name of the subject, or of the issuer, as it may be shown.
    static func commonName(of name: DistinguishedName) -> String? {
        for part in name {
            for attribute in part where attribute.type == .RDNAttributeType.commonName {
                return String(attribute.value).map { ForeignText.name($0) }
            }
        }
        return nil
    }

    /// The serial number as hexadecimal digits without leading zero bytes.
    var serialText: String { Hexadecimal.text(serialNumber.bytes.drop { $0 == 0 }) }
}
