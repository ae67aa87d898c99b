import FerryCore
import Glibc
import Testing

@testable import FerryIdentity

@Suite("Checking an identity's directory")
struct IdentityDirectoryTests {
    let fixture = Fixture()

    @Test("says whom it stands for and which files to use")
    func good() throws {
        let authority = try fixture.authority()
        let agent = try IdentityDirectory.check(try fixture.agent(authority), role: .agent)
        #expect(agent.identity.uri == "ferry://agent/web-01")
        #expect(agent.authority.fingerprint == authority.certificate.fingerprint)
        #expect(agent.keyPath == fixture.path("agent-web-01/key.pem"))
        #expect(agent.warnings.isEmpty)
        let directory = try fixture.staging(authority)
        #expect(try IdentityDirectory.check(directory, role: .staging).identity.uri == "ferry://staging/st-1")
        let proof = try IdentityDirectory.check(directory, role: .proof)
        #expect(proof.identity.uri == "ferry://proof/st-1")
        #expect(proof.certificatePath == "\(directory)/proof-cert.pem")
    }

    @Test("names every file that is missing")
    func missing() throws {
        let directory = try fixture.agent(try fixture.authority())
        unlink("\(directory)/key.pem")
        unlink("\(directory)/ca.pem")
        let error = failure { try IdentityDirectory.check(directory, role: .agent) }
        #expect(error?.code == .identityMissing)
        #expect(error?.cause == "there is no ca.pem, no key.pem")
        let nowhere = failure { try IdentityDirectory.check(fixture.path("nowhere"), role: .agent) }
        #expect(nowhere?.cause == "there is no such directory")
    }

    @Test("says that an agent has no proof key")
    func agentHasNoProofKey() throws {
        let directory = try fixture.agent(try fixture.authority())
        #expect(code { try IdentityDirectory.check(directory, role: .proof) } == .identityMissing)
    }

    @Test("says that the key is not the certificate's")
    func keyMismatch() throws {
        let authority = try fixture.authority()
        let directory = try fixture.agent(authority)
        try Fixture.copy("\(try fixture.agent(authority, name: "web-02"))/key.pem", to: "\(directory)/key.pem")
        #expect(code { try IdentityDirectory.check(directory, role: .agent) } == .identityKeyMismatch)
    }

    @Test("says when it expired and what time it is")
    func expired() throws {
        let now = UTCTime.now()
        let authority = try fixture.authority(now: now.plus(days: -40))
        let directory = try fixture.agent(authority, now: now.plus(days: -31))
        let error = failure { try IdentityDirectory.check(directory, role: .agent, at: now) }
        #expect(error?.code == .identityExpired)
        #expect(error?.cause.contains(now.plus(days: -1).toTheSecond) == true)
        #expect(error?.cause.contains("the time is \(now.toTheSecond)") == true)
    }

    @Test("says when it becomes valid and what time it is")
    func notYetValid() throws {
        let now = UTCTime.now()
        let directory = try fixture.agent(try fixture.authority())
        let early = now.plus(seconds: -3700)
        let error = failure { try IdentityDirectory.check(directory, role: .agent, at: early) }
        #expect(error?.code == .identityNotYetValid)
        #expect(error?.cause.contains("the time is \(early.toTheSecond)") == true)
    }

    @Test("forgives a clock that is an hour behind, and counts the last second in")
    func edges() throws {
        let now = UTCTime.now()
        let directory = try fixture.agent(try fixture.authority(now: now), now: now)
        let checked = try IdentityDirectory.check(directory, role: .agent, at: now.plus(seconds: -3590))
        _ = try IdentityDirectory.check(directory, role: .agent, at: checked.notBefore)
        _ = try IdentityDirectory.check(directory, role: .agent, at: checked.notAfter)
        let after = checked.notAfter.plus(seconds: 1)
        #expect(code { try IdentityDirectory.check(directory, role: .agent, at: after) } == .identityExpired)
    }

    @Test("says that another authority issued it, even one of the same name")
    func otherAuthority() throws {
        let directory = try fixture.agent(try fixture.authority())
        _ = try fixture.authority("other")
        try Fixture.copy(fixture.path("other/ca.pem"), to: "\(directory)/ca.pem")
        let same = failure { try IdentityDirectory.check(directory, role: .agent) }
        #expect(same?.code == .identityWrongAuthority)
        #expect(same?.cause.contains("another authority of the same name") == true)
        _ = try CertificateAuthority.create(in: fixture.path("third"), name: "Third")
        try Fixture.copy(fixture.path("third/ca.pem"), to: "\(directory)/ca.pem")
        let third = failure { try IdentityDirectory.check(directory, role: .agent) }
        #expect(third?.cause.hasPrefix("it was issued by \"Test authority\", not by \"Third\"") == true)
    }

    @Test("does not take an agent for a staging server, nor the other way round")
    func wrongRole() throws {
        let authority = try fixture.authority()
        let agent = try fixture.agent(authority)
        let error = failure { try IdentityDirectory.check(agent, role: .staging) }
        #expect(error?.code == .identityWrongRole)
        #expect(error?.cause == "it is for an agent, ferry://agent/web-01")
        let staging = try fixture.staging(authority)
        #expect(code { try IdentityDirectory.check(staging, role: .agent) } == .identityWrongRole)
    }

    @Test("does not take a staging server's connection key for its proof key")
    func connectionKeyAsProofKey() throws {
        let staging = try fixture.staging(try fixture.authority())
        try Fixture.copy("\(staging)/cert.pem", to: "\(staging)/proof-cert.pem")
        try Fixture.copy("\(staging)/key.pem", to: "\(staging)/proof-key.pem")
        #expect(code { try IdentityDirectory.check(staging, role: .proof) } == .identityWrongRole)
    }

    @Test("says which file is damaged", arguments: ["ca.pem", "cert.pem", "key.pem"])
    func malformed(file: String) throws {
        let directory = try fixture.agent(try fixture.authority())
        Fixture.write("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", to: "\(directory)/\(file)")
        let error = failure { try IdentityDirectory.check(directory, role: .agent) }
        #expect(error?.code == .identityMalformed)
        #expect(error?.subject == "\(directory)/\(file)")
    }

    @Test("warns of a key that others can read")
    func exposedKey() throws {
        let directory = try fixture.agent(try fixture.authority())
        chmod("\(directory)/key.pem", 0o644)
        let warnings = try IdentityDirectory.check(directory, role: .agent).warnings
        #expect(warnings.map(\.code) == [.identityKeyExposed])
    }

    @Test("warns in the last week of a long life, in the last quarter of a short one, not before")
    func expiresSoon() throws {
        let now = UTCTime.now()
        let authority = try fixture.authority()
        let long = try fixture.agent(authority, name: "long")
        let short = try fixture.agent(authority, name: "short", days: 2)
        func codes(_ directory: String, seconds: Int64) throws -> [ErrorCode] {
            try IdentityDirectory.check(directory, role: .agent, at: now.plus(seconds: seconds)).warnings.map(\.code)
        }
        #expect(try codes(long, seconds: 22 * 86400) == [])
        #expect(try codes(long, seconds: 24 * 86400) == [.identityExpiresSoon])
        #expect(try codes(short, seconds: 86400) == [])
        #expect(try codes(short, seconds: 2 * 86400 - 3600) == [.identityExpiresSoon])
    }
}
