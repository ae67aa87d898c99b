import FerryCore
import FerryIdentity
import FerryImage
import Foundation
import Testing

@testable import FerryProof

@Suite("A proof's file")
struct ProofFileTests {
    let fixture: ProofFixture
    let image = TestImage(blocks: 700, extra: 1000, seed: 2)

    init() throws { fixture = try ProofFixture() }

    @Test("holds, for whoever has the authority's certificate")
    func holds() throws {
        let path = try fixture.prove(image)
        let confirmed = try ProofFile(path: path).confirm(authority: fixture.authority)
        #expect(confirmed.signer.isAuthorityNamed)
        #expect(confirmed.signer.identity.uri == "ferry://proof/st-1")
        #expect(confirmed.regions == 3)
        #expect(try !ProofFile(path: path).confirm(authority: nil).signer.isAuthorityNamed)
    }

    @Test("does not hold under another authority, even one of the same name")
    func otherAuthority() throws {
        let path = try fixture.prove(image)
        let other = try ProofFixture.authority(in: fixture.path("other")).certificate
        #expect(code { try ProofFile(path: path).confirm(authority: other) } == .identityWrongAuthority)
    }

    @Test("does not hold with certificates other than those it was signed with")
    func exchangedAuthority() throws {
        // Somebody else's authority beside the signer's certificate: it would be shown to whoever names none.
        let path = try fixture.prove(image)
        let other = try ProofFixture.authority(in: fixture.path("other")).certificate
        let text = try #require(String(bytes: fixture.bytes(of: "proof"), encoding: .isoLatin1))
        let parts = text.components(separatedBy: fixture.authority.pem)
        #expect(parts.count == 2)
        let certificates = fixture.signer.certificates.replacing(fixture.authority.pem, with: other.pem)
        let head = parts[0].replacing(
            "certificates \(fixture.signer.certificates.utf8.count)\n",
            with: "certificates \(certificates.utf8.count)\n"
        )
        let bytes = (head + other.pem + parts[1]).unicodeScalars.map { UInt8($0.value) }
        try fixture.write(bytes, to: "exchanged")
        #expect(code { try ProofFile(path: path).confirm(authority: fixture.authority) } == nil)
        #expect(
            code { try ProofFile(path: fixture.path("exchanged")).confirm(authority: fixture.authority) }
                == .proofChanged
        )
    }

    @Test("is never overwritten, and a part of one is never left behind")
    func wholeOrNot() throws {
        try fixture.prove(image)
        let before = try fixture.bytes(of: "proof")
        #expect(code { try fixture.prove(image) } == .proofExists)
        #expect(try fixture.bytes(of: "proof") == before)
        do {
            let writer = try ProofWriter(
                path: fixture.path("half"),
                statement: try image.statement(),
                signer: fixture.signer
            )
            try image.records[0].encoded.withUnsafeBytes { try writer.append($0) }
            #expect(code { try writer.finish() } == .proofWriteFailed)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: fixture.folder).sorted() == ["ca", "proof", "staging"]
        )
    }

    @Test("leaves alone what another run has begun to write")
    func foreignPartial() throws {
        try fixture.write([1], to: "proof.partial")
        #expect(code { try fixture.prove(image) } == .proofExists)
        #expect(try fixture.bytes(of: "proof.partial") == [1])
    }

    @Test("is not written with regions that are not the ones of its statement")
    func otherRegions() throws {
        let other = TestImage(blocks: 700, extra: 1000, seed: 3)
        let writer = try ProofWriter(path: fixture.path("p"), statement: try image.statement(), signer: fixture.signer)
        for record in other.records { try record.encoded.withUnsafeBytes { try writer.append($0) } }
        #expect(code { try writer.finish() } == .proofWriteFailed)
    }

    @Test("that is a directory, a device, a pipe or not there is said to be no proof")
    func notFiles() throws {
        mkfifo(fixture.path("pipe"), 0o600)
        #expect(code { try ProofFile(path: fixture.path("none")) } == .proofUnreadable)
        for path in [fixture.folder, "/dev/zero", "/dev/null", fixture.path("pipe")] {
            #expect(code { try ProofFile(path: path) } == .proofMalformed, "\(path)")
        }
    }
}
