import FerryCore
import Testing

@testable import FerryIdentity

@Suite("To OpenSSL, an identity", .enabled(if: OpenSSL.isThere, "openssl is not installed"), .timeLimit(.minutes(5)))
struct OpenSSLTests {
    let fixture = Fixture()

    private func verify(_ certificate: String, purpose: String, authority: String = "ca") throws -> OpenSSL.Answer {
        try OpenSSL.run([
            "verify", "-x509_strict", "-CAfile", fixture.path("\(authority)/ca.pem"), "-purpose", purpose, certificate,
        ])
    }

    @Test("of an agent is a TLS client and nothing else")
    func agentPurpose() throws {
        let agent = try fixture.agent(try fixture.authority()) + "/cert.pem"
        #expect(try verify(agent, purpose: "sslclient").status == 0)
        #expect(try verify(agent, purpose: "sslserver").text.contains("unsuitable certificate purpose"))
    }

    @Test("of a staging server is a TLS server and nothing else")
    func stagingPurpose() throws {
        let staging = try fixture.staging(try fixture.authority()) + "/cert.pem"
        #expect(try verify(staging, purpose: "sslserver").status == 0)
        #expect(try verify(staging, purpose: "sslclient").text.contains("unsuitable certificate purpose"))
    }

    @Test("of a proof key is under the authority and good for no connection")
    func proofPurpose() throws {
        let proof = try fixture.staging(try fixture.authority()) + "/proof-cert.pem"
        #expect(try verify(proof, purpose: "any").status == 0)
        for purpose in ["sslclient", "sslserver"] {
            #expect(try verify(proof, purpose: purpose).text.contains("unsuitable certificate purpose"))
        }
    }

    @Test("of another authority is not trusted")
    func otherAuthority() throws {
        let agent = try fixture.agent(try fixture.authority()) + "/cert.pem"
        _ = try fixture.authority("other")
        #expect(try verify(agent, purpose: "sslclient", authority: "other").status != 0)
    }

    @Test("that expired is expired")
    func expired() throws {
        let now = UTCTime.now()
        let authority = try fixture.authority(now: now.plus(days: -40))
        let agent = try fixture.agent(authority, now: now.plus(days: -31)) + "/cert.pem"
        #expect(try verify(agent, purpose: "sslclient").text.contains("certificate has expired"))
    }

    @Test("has the extensions that the manual names")
    func text() throws {
        let authority = try fixture.authority()
        let hosts = ["staging.example.com", "192.0.2.7", "2001:db8::1"]
        let staging = try fixture.staging(authority, hosts: hosts)
        let text = try OpenSSL.run(["x509", "-noout", "-text", "-in", "\(staging)/cert.pem"]).text
        for expected in [
            "URI:ferry://staging/st-1, DNS:staging.example.com, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:1",
            "TLS Web Server Authentication", "CA:FALSE", "Digital Signature", "Subject: CN = st-1", "prime256v1",
        ] {
            #expect(text.contains(expected))
        }
        #expect(!text.contains("Client Authentication"))
        let own = try OpenSSL.run(["x509", "-noout", "-text", "-in", fixture.path("ca/ca.pem")]).text
        #expect(own.contains("CA:TRUE, pathlen:0"))
        #expect(own.contains("Certificate Sign, CRL Sign"))
    }

    @Test("has the serial number and the fingerprint that the record has")
    func record() throws {
        let authority = try fixture.authority()
        let agent = try fixture.agent(authority)
        let issued = try #require(try IssuedRecord.load(from: authority.directory).certificates.first)
        let answer = try OpenSSL.run([
            "x509", "-noout", "-serial", "-fingerprint", "-sha256", "-in", "\(agent)/cert.pem",
        ])
        let text = answer.text.lowercased().filter { $0 != ":" }
        #expect(text.contains("serial=\(issued.serial)"))
        #expect(text.contains("fingerprint=\(issued.fingerprint)"))
    }

    @Test("lets agent and staging server meet over TLS 1.3")
    func handshake() throws {
        let authority = try fixture.authority()
        let answer = try OpenSSL.handshake(
            server: try fixture.staging(authority, hosts: ["staging.example.com"]),
            serverAuthority: fixture.path("ca/ca.pem"),
            client: try fixture.agent(authority),
            clientAuthority: fixture.path("ca/ca.pem"),
            verifyHost: ["-verify_hostname", "staging.example.com"]
        )
        #expect(answer.text.contains("HTTP/1.0 200 ok"))
        #expect(answer.text.contains("TLSv1.3"))
        #expect(answer.text.contains("Verified peername: staging.example.com"))
    }

    @Test("of an agent cannot stand in for a staging server")
    func agentAsServer() throws {
        let authority = try fixture.authority()
        let answer = try OpenSSL.handshake(
            server: try fixture.agent(authority, name: "impostor"),
            serverAuthority: fixture.path("ca/ca.pem"),
            client: try fixture.agent(authority),
            clientAuthority: fixture.path("ca/ca.pem")
        )
        #expect(answer.text.contains("unsuitable certificate purpose"))
        #expect(!answer.text.contains("HTTP/1.0 200 ok"))
    }

    @Test("of a staging server cannot connect as an agent")
    func stagingAsClient() throws {
        let authority = try fixture.authority()
        let answer = try OpenSSL.handshake(
            server: try fixture.staging(authority),
            serverAuthority: fixture.path("ca/ca.pem"),
            client: try fixture.staging(authority, name: "st-2"),
            clientAuthority: fixture.path("ca/ca.pem")
        )
        #expect(answer.text.contains("Verify return code: 0 (ok)"))
        #expect(answer.text.contains("alert"))
        #expect(!answer.text.contains("HTTP/1.0 200 ok"))
    }

    @Test("of another authority, or expired, is turned away by the staging server")
    func badClients() throws {
        let now = UTCTime.now()
        let authority = try fixture.authority(now: now.plus(days: -40))
        let staging = try fixture.staging(authority)
        let expired = try fixture.agent(authority, name: "expired", now: now.plus(days: -31))
        let foreign = try fixture.agent(try fixture.authority("other"), name: "foreign")
        for client in [expired, foreign] {
            let answer = try OpenSSL.handshake(
                server: staging,
                serverAuthority: fixture.path("ca/ca.pem"),
                client: client,
                clientAuthority: fixture.path("ca/ca.pem")
            )
            #expect(answer.text.contains("alert"))
            #expect(!answer.text.contains("HTTP/1.0 200 ok"))
        }
    }

    @Test("lets an auditor confirm a proof's signature without Ferry")
    func proofWithoutFerry() throws {
        let directory = try fixture.staging(try fixture.authority())
        let statement = Array("disk sda\n".utf8)
        let signature = try ProofSigner(directory: directory).sign(statement, at: .now())
        Fixture.write(ProofSigner.prefix + "disk sda\n", to: fixture.path("signed"))
        Fixture.write(bytes: signature, to: fixture.path("signature"))
        let key = try OpenSSL.run(["x509", "-noout", "-pubkey", "-in", "\(directory)/proof-cert.pem"]).text
        Fixture.write(key, to: fixture.path("key"))
        let check = ["pkeyutl", "-verify", "-pubin", "-inkey", fixture.path("key"), "-rawin"]
        let answer = try OpenSSL.run(
            check + ["-in", fixture.path("signed"), "-sigfile", fixture.path("signature")]
        )
        #expect(answer.text.contains("Signature Verified Successfully"))
    }
}
