import FerryCore
import Testing

@testable import FerryIdentity

/// Certificates that the authority's own key signed, by another program and in a form that Ferry never issues.
@Suite(
    "A certificate of another form",
    .enabled(if: OpenSSL.isThere, "openssl is not installed"),
    .timeLimit(.minutes(5))
)
struct ForeignCertificateTests {
    let fixture = Fixture()

    /// The directory of an agent whose certificate has the given extensions.
    private func agent(_ extensions: [String: String]) throws -> String {
        _ = try fixture.authority()
        let directory = try fixture.agent(try CertificateAuthority.load(from: fixture.path("ca")))
        var all = [
            "basicConstraints": "critical,CA:FALSE", "keyUsage": "critical,digitalSignature",
            "extendedKeyUsage": "clientAuth", "subjectAltName": "URI:ferry://agent/web-01",
        ]
        all.merge(extensions) { $1 }
        let lines = all.filter { !$0.value.isEmpty }.map { "\($0.key)=\($0.value)\n" }.joined()
        Fixture.write(lines, to: fixture.path("extensions"))
        let (key, request) = ("\(directory)/key.pem", fixture.path("request"))
        try OpenSSL.run(["req", "-new", "-key", key, "-subj", "/CN=web-01", "-out", request])
        let answer = try OpenSSL.run(
            ["x509", "-req", "-in", request, "-CA", fixture.path("ca/ca.pem"), "-CAkey", fixture.path("ca/ca-key.pem")]
                + ["-set_serial", "1", "-days", "9", "-extfile", fixture.path("extensions")]
                + ["-out", "\(directory)/cert.pem"]
        )
        try #require(answer.status == 0, "\(answer.text)")
        return directory
    }

    @Test("is accepted as long as it says what Ferry's own would")
    func sameForm() throws {
        let checked = try IdentityDirectory.check(try agent([:]), role: .agent, at: UTCTime.now().plus(seconds: 5))
        #expect(checked.identity.uri == "ferry://agent/web-01")
    }

    @Test(
        "is refused when it would be good for more, or for something nobody here understands",
        arguments: [
            (["extendedKeyUsage": "clientAuth,serverAuth"], "identity.wrong-role"),
            (["extendedKeyUsage": ""], "identity.wrong-role"),
            (["keyUsage": "critical,digitalSignature,keyAgreement"], "identity.wrong-role"),
            (["basicConstraints": "critical,CA:TRUE"], "identity.malformed"),
            (["basicConstraints": ""], "identity.malformed"),
            (["1.2.3.4": "critical,ASN1:NULL"], "identity.malformed"),
            (["subjectAltName": "DNS:web-01"], "identity.malformed"),
            (["subjectAltName": "URI:ferry://agent/a,URI:ferry://agent/b"], "identity.malformed"),
            (["subjectAltName": "URI:ferry://agent/a,URI:ferry://staging/a"], "identity.malformed"),
            (["subjectAltName": "URI:ferry://agent/a/b"], "identity.malformed"),
        ]
    )
    func otherForms(extensions: [String: String], code expected: String) throws {
        let directory = try agent(extensions)
        let now = UTCTime.now().plus(seconds: 5)
        #expect(code { try IdentityDirectory.check(directory, role: .agent, at: now) }?.text == expected)
    }

    @Test("of key is read too: the older form that OpenSSL writes")
    func olderKeyForm() throws {
        let directory = try fixture.agent(try fixture.authority())
        let key = "\(directory)/key.pem"
        try OpenSSL.run(["ec", "-in", key, "-out", key])
        #expect(try Fixture.text(key).hasPrefix("-----BEGIN EC PRIVATE KEY-----"))
        _ = try IdentityDirectory.check(directory, role: .agent)
    }
}
