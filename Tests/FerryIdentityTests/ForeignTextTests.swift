import FerryCore
import Testing

@testable import FerryIdentity

@Suite("Words of a stranger")
struct ForeignTextTests {
    let fixture = Fixture()

    @Test("are shown as they are, but for what a terminal would obey")
    func printable() {
        #expect(ForeignText.printable("Zürich – 東京 \"1\" 🚚") == "Zürich – 東京 \"1\" 🚚")
        #expect(ForeignText.printable("a\u{1B}[2Jb\u{9B}c\u{7F}\r\n") == "a\\u{1B}[2Jb\\u{9B}c\\u{7F}\\u{D}\\u{A}")
        #expect(ForeignText.printable("a\u{202E}b\u{2028}c\u{200B}") == "a\\u{202E}b\\u{2028}c\\u{200B}")
        #expect(ForeignText.printable("a\n\tb\u{7}", keepsLines: true) == "a\n\tb\\u{7}")
        #expect(ForeignText.name(String(repeating: "x", count: 1000)).count == 67)
    }

    @Test("as a PEM file's label, do nothing to the terminal")
    func label() throws {
        let text = "-----BEGIN \u{1B}]0;owned\u{7}-----\nAAAA\n-----END \u{1B}]0;owned\u{7}-----\n"
        let error = try #require(failure { try AuthorityCertificate(pem: text, from: "the proof") })
        #expect(error.description.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }, "\(error)")
        #expect(error.cause.contains("\\u{1B}]0;owned"))
    }

    @Test("as an authority's name, do nothing to the terminal", .enabled(if: OpenSSL.isThere))
    func issuer() throws {
        let (key, certificate) = (fixture.path("key"), fixture.path("cert"))
        let answer = try OpenSSL.run([
            "req", "-x509", "-newkey", "ed25519", "-nodes", "-keyout", key, "-out", certificate, "-utf8", "-days", "9",
            "-subj", "/CN=\u{1B}[2Jall is well\u{7}", "-addext", "basicConstraints=critical,CA:TRUE", "-addext",
            "keyUsage=critical,keyCertSign", "-addext", "subjectAltName=URI:ferry://proof/st-1",
        ])
        try #require(answer.status == 0, "\(answer.text)")
        let authority = try AuthorityCertificate(file: certificate)
        #expect(authority.name == "\\u{1B}[2Jall is well\\u{7}")

        let leaf = try LeafCertificate(authority.certificate, from: "the proof's certificate")
        let other = try fixture.authority().certificate
        let error = try #require(failure { try leaf.check(role: .proof, authority: other, at: .now()) })
        #expect(error.code == .identityWrongAuthority && error.cause.contains("\\u{1B}[2Jall is well"))
        #expect(error.description.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }, "\(error)")
    }
}
