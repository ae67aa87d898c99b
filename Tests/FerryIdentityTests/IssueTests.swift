import FerryCore
import Glibc
import Testing

@testable import FerryIdentity

@Suite("Issuing an identity")
struct IssueTests {
    let fixture = Fixture()

    @Test("to an agent writes three files, the directory and the key for the owner only")
    func agentLayout() throws {
        let directory = try fixture.agent(try fixture.authority())
        #expect(Fixture.names(in: directory) == ["ca.pem", "cert.pem", "key.pem"])
        #expect(Fixture.mode(directory) == 0o700)
        #expect(Fixture.mode("\(directory)/key.pem") == 0o600)
    }

    @Test("to a staging server also writes its proof key and the certificates to go into proofs")
    func stagingLayout() throws {
        let directory = try fixture.staging(try fixture.authority())
        #expect(
            Fixture.names(in: directory) == ["ca.pem", "cert.pem", "key.pem", "proof-cert.pem", "proof-key.pem"]
        )
        #expect(Fixture.mode("\(directory)/key.pem") == 0o600)
        #expect(Fixture.mode("\(directory)/proof-key.pem") == 0o600)
        let chain = try CertificateText.certificates(in: try Fixture.text("\(directory)/proof-cert.pem"), from: "")
        #expect(chain.count == 2)
    }

    @Test("never puts the authority's key anywhere")
    func keyStays() throws {
        let authority = try fixture.authority()
        let key = try Fixture.text(fixture.path("ca/ca-key.pem")).split(separator: "\n")[1]
        for directory in [try fixture.agent(authority), try fixture.staging(authority)] {
            for name in Fixture.names(in: directory) {
                #expect(try !Fixture.text("\(directory)/\(name)").contains(key))
            }
        }
    }

    @Test("makes it valid from an hour ago for the days asked for")
    func validity() throws {
        let now = UTCTime.now()
        let directory = try fixture.agent(try fixture.authority(now: now), days: 3, now: now)
        let checked = try IdentityDirectory.check(directory, role: .agent)
        #expect(checked.notBefore == now.wholeSecond.plus(seconds: -3600))
        #expect(checked.notAfter == now.wholeSecond.plus(days: 3))
    }

    @Test("never makes it outlive the authority")
    func cutShort() throws {
        let now = UTCTime.now()
        let authority = try fixture.authority(now: now.plus(days: -3640))
        let issued = try authority.issue(staging: StagingName("st-1"), to: fixture.path("st"))
        #expect(
            issued.certificates.map(\.notAfter) == [authority.certificate.notAfter, authority.certificate.notAfter]
        )
    }

    @Test("never overwrites an identity, and records nothing when it refuses")
    func refusesToOverwrite() throws {
        let authority = try fixture.authority()
        let directory = try fixture.agent(authority)
        let key = try Fixture.text("\(directory)/key.pem")
        #expect(code { try fixture.agent(authority) } == .identityExists)
        #expect(try Fixture.text("\(directory)/key.pem") == key)
        #expect(try IssuedRecord.load(from: authority.directory).certificates.count == 1)
    }

    @Test("leaves nothing behind when it cannot be recorded")
    func recordFails() throws {
        let authority = try fixture.authority()
        mkdir(fixture.path("ca/issued.jsonl"), 0o700)
        let directory = fixture.path("agent")
        #expect(code { try authority.issue(agent: AgentName("a"), to: directory) } == .identityWriteFailed)
        #expect(!IdentityFile.exists(directory))
    }

    @Test("records name, role, serial, end and fingerprint of every certificate")
    func record() throws {
        let authority = try fixture.authority()
        let agent = try authority.issue(agent: AgentName("web-01"), to: fixture.path("a"))
        let staging = try authority.issue(staging: StagingName("st-1"), to: fixture.path("s"))
        let record = try IssuedRecord.load(from: authority.directory)
        let issued = agent.certificates + staging.certificates
        #expect(record.certificates.map(\.line) == issued.map(\.line))
        #expect(
            record.certificates.map(\.identity.uri) == [
                "ferry://agent/web-01", "ferry://staging/st-1", "ferry://proof/st-1",
            ]
        )
        #expect(Set(record.certificates.map(\.serial)).count == 3)
        #expect(record.certificates.allSatisfy { $0.serial.count > 24 && $0.serial.count <= 32 })
    }

    @Test("survives a torn last line of the record, and counts it")
    func tornRecord() throws {
        let authority = try fixture.authority()
        _ = try fixture.agent(authority, name: "a")
        let path = fixture.path("ca/issued.jsonl")
        Fixture.write(try Fixture.text(path) + "{\"name\":\"b\",\"ro", to: path)
        _ = try fixture.agent(authority, name: "c")
        let record = try IssuedRecord.load(from: authority.directory)
        #expect(record.certificates.map(\.identity.name) == ["a", "c"])
        #expect(record.unreadableLines == 1)
    }

    @Test("at the same time from many tasks records every one on a line of its own")
    func concurrentIssues() async throws {
        let authority = try fixture.authority()
        try await withThrowingTaskGroup { group in
            for number in 0..<16 {
                group.addTask { _ = try fixture.agent(authority, name: "web-\(number)") }
            }
            try await group.waitForAll()
        }
        let record = try IssuedRecord.load(from: authority.directory)
        #expect(record.certificates.count == 16)
        #expect(record.unreadableLines == 0)
    }

    @Test("is for 1 to 3650 days", arguments: [0, -1, 3651])
    func badLifetime(days: Int) {
        #expect(code { try Lifetime(days: days) } == .identityBadLifetime)
    }
}
