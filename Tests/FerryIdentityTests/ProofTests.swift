import FerryCore
import Foundation
import Testing

@testable import FerryIdentity

@Suite("A proof's signature")
struct ProofTests {
    let fixture = Fixture()
    let statement = Array("disk sda\nroot 00ff\n".utf8)

    /// A signature that verifies, to be spoilt in one way by each test.
    private struct Signed {
        let authority: CertificateAuthority
        let signer: ProofSigner
        let signature: [UInt8]
        let time: UTCTime
    }

    private func signed() throws -> Signed {
        let authority = try fixture.authority()
        let signer = try ProofSigner(directory: try fixture.staging(authority))
        let time = UTCTime.now()
        return Signed(authority: authority, signer: signer, signature: try signer.sign(statement, at: time), time: time)
    }

    @Test("is confirmed by whoever has the authority's certificate")
    func confirmed() throws {
        let signed = try signed()
        #expect(signed.signature.count == 64)
        let named = try AuthorityCertificate(pem: signed.authority.certificate.pem, from: "the auditor's file")
        let proof = try ProofVerifier(authority: named)
            .verify(statement, signature: signed.signature, certificates: signed.signer.certificates, at: signed.time)
        #expect(proof.identity.uri == "ferry://proof/st-1")
        #expect(proof.isAuthorityNamed)
        let record = try IssuedRecord.load(from: signed.authority.directory)
        #expect(record.certificates.last?.fingerprint == proof.certificateFingerprint)
    }

    @Test("reports the authority it brings when none is named")
    func unnamed() throws {
        let signed = try signed()
        let proof = try ProofVerifier(authority: nil)
            .verify(statement, signature: signed.signature, certificates: signed.signer.certificates, at: signed.time)
        #expect(!proof.isAuthorityNamed)
        #expect(proof.authority.fingerprint == signed.authority.certificate.fingerprint)
    }

    @Test("needs an authority: one that is named, or one that it brings")
    func noAuthority() throws {
        let signed = try signed()
        let alone = try CertificateText.pem(
            CertificateText.certificates(in: signed.signer.certificates, from: "")[0]
        )
        #expect(
            code {
                try ProofVerifier(authority: nil)
                    .verify(statement, signature: signed.signature, certificates: alone, at: signed.time)
            } == .identityMissing
        )
        _ = try ProofVerifier(authority: signed.authority.certificate)
            .verify(statement, signature: signed.signature, certificates: alone, at: signed.time)
    }

    @Test("fails for a changed statement, a changed signature, and a signature without the prefix")
    func changed() throws {
        let signed = try signed()
        let verifier = ProofVerifier(authority: signed.authority.certificate)
        func verdict(_ statement: [UInt8], _ signature: [UInt8]) -> ErrorCode? {
            code {
                try verifier.verify(
                    statement,
                    signature: signature,
                    certificates: signed.signer.certificates,
                    at: signed.time
                )
            }
        }
        #expect(verdict(statement, signed.signature) == nil)
        #expect(verdict(statement + [0], signed.signature) == .identityBadSignature)
        #expect(verdict([], signed.signature) == .identityBadSignature)
        #expect(verdict(Array(ProofSigner.prefix.utf8) + statement, signed.signature) == .identityBadSignature)
        for index in signed.signature.indices {
            var signature = signed.signature
            signature[index] ^= 1
            #expect(verdict(statement, signature) == .identityBadSignature)
        }
        for signature in [[], Array(signed.signature.dropLast()), signed.signature + [0]] {
            #expect(verdict(statement, signature) == .identityBadSignature)
        }
    }

    @Test("fails under any other authority, though the proof brings its own")
    func otherAuthority() throws {
        let signed = try signed()
        let other = try fixture.authority("other")
        #expect(
            code {
                try ProofVerifier(authority: other.certificate).verify(
                    statement,
                    signature: signed.signature,
                    certificates: signed.signer.certificates,
                    at: signed.time
                )
            } == .identityWrongAuthority
        )
    }

    @Test("fails when another authority's certificate is put beside it")
    func swappedAuthority() throws {
        let signed = try signed()
        let leaf = try CertificateText.certificates(in: signed.signer.certificates, from: "")[0]
        let other = try fixture.authority("other")
        let certificates = try CertificateText.pem(leaf) + other.certificate.pem
        #expect(
            code {
                try ProofVerifier(authority: nil)
                    .verify(statement, signature: signed.signature, certificates: certificates, at: signed.time)
            } == .identityWrongAuthority
        )
    }

    @Test("fails with the certificate of another staging server's proof key")
    func otherSigner() throws {
        let signed = try signed()
        let other = try ProofSigner(directory: try fixture.staging(signed.authority, name: "st-2"))
        #expect(
            code {
                try ProofVerifier(authority: signed.authority.certificate)
                    .verify(statement, signature: signed.signature, certificates: other.certificates, at: signed.time)
            } == .identityBadSignature
        )
    }

    @Test("fails with a certificate that is not a proof key's")
    func notAProofKey() throws {
        let signed = try signed()
        for file in [fixture.path("staging-st-1/cert.pem"), "\(try fixture.agent(signed.authority))/cert.pem"] {
            let certificates = try Fixture.text(file)
            #expect(
                code {
                    try ProofVerifier(authority: signed.authority.certificate)
                        .verify(statement, signature: signed.signature, certificates: certificates, at: signed.time)
                } == .identityWrongRole
            )
        }
    }

    @Test("counts at the time of signing, not at the time of looking")
    func time() throws {
        let now = UTCTime.now()
        let authority = try fixture.authority(now: now.plus(days: -3000))
        let directory = try fixture.staging(authority, now: now.plus(days: -2900))
        let then = now.plus(days: -2000)
        let signer = try ProofSigner(directory: directory, at: then)
        let signature = try signer.sign(statement, at: then)
        let verifier = ProofVerifier(authority: authority.certificate)
        _ = try verifier.verify(statement, signature: signature, certificates: signer.certificates, at: then)
        func verdict(_ time: UTCTime) -> ErrorCode? {
            code { try verifier.verify(statement, signature: signature, certificates: signer.certificates, at: time) }
        }
        #expect(verdict(now) == .identityExpired)
        #expect(verdict(now.plus(days: -2950)) == .identityNotYetValid)
        #expect(code { try signer.sign(statement, at: now) } == .identityExpired)
        #expect(code { try ProofSigner(directory: directory, at: now) } == .identityExpired)
    }

    /// What lies after the part that the authority signed has more than one valid spelling in ECDSA; nothing rests on it.
    @Test("fails, and nothing worse happens, whichever byte is changed of what the authority signed")
    func hostileCertificates() throws {
        let signed = try signed()
        let verifier = ProofVerifier(authority: signed.authority.certificate)
        let alone = try CertificateText.pem(CertificateText.certificates(in: signed.signer.certificates, from: "")[0])
        let bytes = Array(alone.utf8)
        let original = try signedPart(of: alone)
        var accepted: [Int] = []
        for index in bytes.indices.dropLast() {
            var changed = bytes
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let certificates = String(decoding: changed, as: UTF8.self)
            let verdict = code {
                try verifier.verify(
                    statement,
                    signature: signed.signature,
                    certificates: certificates,
                    at: signed.time
                )
            }
            if verdict == nil, try signedPart(of: certificates) != original { accepted.append(index) }
        }
        #expect(accepted.isEmpty)
        for length in stride(from: 0, to: bytes.count - 1, by: 7) {
            let certificates = String(decoding: bytes[..<length], as: UTF8.self)
            #expect(
                code {
                    try verifier.verify(
                        statement,
                        signature: signed.signature,
                        certificates: certificates,
                        at: signed.time
                    )
                } == .identityMalformed
            )
        }
    }

    /// The first element inside a certificate, which is what its issuer signs.
    private func signedPart(of pem: String) throws -> [UInt8] {
        let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }
        let bytes = Array(try #require(Data(base64Encoded: lines.joined())))
        try #require(bytes.count > 8 && bytes[1] == 0x82 && bytes[5] == 0x82)
        return Array(bytes.dropFirst(4).prefix(4 + Int(bytes[6]) << 8 + Int(bytes[7])))
    }
}
