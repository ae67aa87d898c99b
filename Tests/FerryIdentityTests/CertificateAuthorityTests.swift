import FerryCore
import Glibc
import Testing

@testable import FerryIdentity

@Suite("A certificate authority")
struct CertificateAuthorityTests {
    let fixture = Fixture()

    @Test("is two files, its directory and its key for the owner only")
    func layout() throws {
        let authority = try fixture.authority()
        #expect(Fixture.names(in: authority.directory) == ["ca-key.pem", "ca.pem"])
        #expect(Fixture.mode(authority.directory) == 0o700)
        #expect(Fixture.mode(fixture.path("ca/ca-key.pem")) == 0o600)
    }

    @Test("is valid for ten years, from an hour before it was made")
    func validity() throws {
        let now = UTCTime.now()
        let certificate = try fixture.authority(now: now).certificate
        #expect(certificate.notBefore == now.wholeSecond.plus(seconds: -3600))
        #expect(certificate.notAfter == now.wholeSecond.plus(days: 3650))
    }

    @Test("loads as it was made")
    func loads() throws {
        let made = try fixture.authority()
        let loaded = try CertificateAuthority.load(from: made.directory)
        #expect(loaded.certificate.fingerprint == made.certificate.fingerprint)
        #expect(loaded.certificate.name == "Test authority")
        #expect(try CertificateText.pem(loaded.key) == CertificateText.pem(made.key))
        #expect(loaded.warnings.isEmpty)
    }

    @Test("is never overwritten")
    func refusesToOverwrite() throws {
        let made = try fixture.authority()
        let key = try Fixture.text(fixture.path("ca/ca-key.pem"))
        #expect(code { try CertificateAuthority.create(in: made.directory) } == .identityExists)
        #expect(try Fixture.text(fixture.path("ca/ca-key.pem")) == key)
    }

    @Test("is made once when several try at the same time")
    func concurrentCreation() async throws {
        let made = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { (try? CertificateAuthority.create(in: fixture.path("ca"))) != nil }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(made == 1)
        _ = try CertificateAuthority.load(from: fixture.path("ca"))
    }

    @Test("goes into an empty directory, and not into one that holds anything else")
    func emptyDirectory() throws {
        mkdir(fixture.path("empty"), 0o755)
        _ = try CertificateAuthority.create(in: fixture.path("empty"))
        #expect(Fixture.mode(fixture.path("empty")) == 0o700)
        mkdir(fixture.path("full"), 0o755)
        Fixture.write("mine", to: fixture.path("full/notes"))
        #expect(code { try CertificateAuthority.create(in: fixture.path("full")) } == .identityExists)
        #expect(Fixture.names(in: fixture.path("full")) == ["notes"])
        #expect(Fixture.mode(fixture.path("full")) == 0o755)
    }

    @Test("says that the parent directory is missing, or that the path is a file")
    func badPath() throws {
        let error = failure { try CertificateAuthority.create(in: fixture.path("no/such/ca")) }
        #expect(error?.code == .identityMissing)
        #expect(error?.advice.contains("parent") == true)
        Fixture.write("", to: fixture.path("file"))
        #expect(code { try CertificateAuthority.create(in: fixture.path("file")) } == .identityWriteFailed)
    }

    @Test("has a name of its own when none is given, so that two can be told apart")
    func defaultNames() throws {
        let one = try CertificateAuthority.create(in: fixture.path("one"))
        let two = try CertificateAuthority.create(in: fixture.path("two"))
        #expect(one.certificate.name.hasPrefix("Ferry CA "))
        #expect(one.certificate.name != two.certificate.name)
    }

    @Test(
        "has a printable name of at most 64 characters",
        arguments: ["", "two\nlines", String(repeating: "x", count: 65)]
    )
    func badNames(name: String) {
        #expect(
            code { try CertificateAuthority.create(in: fixture.path("ca"), name: name) } == .identityBadAuthorityName
        )
        #expect(Fixture.names(in: fixture.root).isEmpty)
    }

    @Test("keeps a name outside ASCII")
    func nameOutsideASCII() throws {
        _ = try CertificateAuthority.create(in: fixture.path("ca"), name: "迁移 – Zürich")
        #expect(try AuthorityCertificate.load(from: fixture.path("ca")).name == "迁移 – Zürich")
    }

    @Test("that is not there says which file is missing")
    func missing() throws {
        let nothing = failure { try CertificateAuthority.load(from: fixture.path("ca")) }
        #expect(nothing?.code == .identityMissing)
        #expect(nothing?.subject == fixture.path("ca/ca.pem"))
        _ = try fixture.authority()
        unlink(fixture.path("ca/ca-key.pem"))
        let keyless = failure { try CertificateAuthority.load(from: fixture.path("ca")) }
        #expect(keyless?.code == .identityMissing)
        #expect(keyless?.subject == fixture.path("ca/ca-key.pem"))
    }

    @Test("with the key of another authority does not load")
    func keyMismatch() throws {
        _ = try fixture.authority()
        _ = try fixture.authority("other")
        try Fixture.copy(fixture.path("other/ca-key.pem"), to: fixture.path("ca/ca-key.pem"))
        #expect(code { try CertificateAuthority.load(from: fixture.path("ca")) } == .identityKeyMismatch)
    }

    @Test("whose time is over does not load, and says both times")
    func expired() throws {
        let now = UTCTime.now()
        _ = try fixture.authority(now: now.plus(days: -3651))
        let error = failure { try CertificateAuthority.load(from: fixture.path("ca")) }
        #expect(error?.code == .identityExpired)
        #expect(error?.cause.contains(now.plus(days: -1).toTheSecond) == true)
    }

    @Test("from the future does not load")
    func notYetValid() throws {
        _ = try fixture.authority(now: UTCTime.now().plus(days: 2))
        #expect(code { try CertificateAuthority.load(from: fixture.path("ca")) } == .identityNotYetValid)
    }

    @Test("whose files were damaged does not load", arguments: ["ca.pem", "ca-key.pem"])
    func malformed(file: String) throws {
        _ = try fixture.authority()
        let path = fixture.path("ca/\(file)")
        let whole = try Fixture.text(path)
        for damaged in ["", "nonsense", String(whole.prefix(100)), whole.replacing("A", with: "!")] {
            Fixture.write(damaged, to: path)
            #expect(code { try CertificateAuthority.load(from: fixture.path("ca")) } == .identityMalformed)
        }
    }

    @Test("does not load from an end certificate")
    func notAnAuthority() throws {
        let agent = try fixture.agent(try fixture.authority())
        #expect(code { try AuthorityCertificate(file: "\(agent)/cert.pem") } == .identityMalformed)
    }

    @Test("whose key others can read loads with a warning")
    func exposedKey() throws {
        _ = try fixture.authority()
        chmod(fixture.path("ca/ca-key.pem"), 0o640)
        let warnings = try CertificateAuthority.load(from: fixture.path("ca")).warnings
        #expect(warnings.map(\.code) == [.identityKeyExposed])
        #expect(warnings.first?.finding.contains("0640") == true)
    }
}
