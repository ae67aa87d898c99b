import FerryCore
import Testing

@testable import FerryIdentity

@Suite("Names in certificates")
struct NameTests {
    @Test("are read as they are written")
    func identities() throws {
        let identities = [
            Identity(agent: try AgentName("web-01")), Identity(staging: try StagingName("st.1")),
            Identity(proofsOf: try StagingName("st_1")),
        ]
        #expect(identities.map(\.uri) == ["ferry://agent/web-01", "ferry://staging/st.1", "ferry://proof/st_1"])
        #expect(identities.allSatisfy { Identity(uri: $0.uri) == $0 })
    }

    @Test(
        "are refused in any other form",
        arguments: [
            "", "ferry://", "ferry://agent", "ferry://agent/", "ferry://agent/a/b", "ferry://agent/a b",
            "ferry://Agent/a", "ferry://root/a", "FERRY://agent/a", "https://agent/a", "ferry://agent/a?x",
            "ferry:///a",
        ]
    )
    func notIdentities(uri: String) {
        #expect(Identity(uri: uri) == nil)
    }

    @Test("of staging servers follow the rule of all names, and the error says of what")
    func stagingNames() {
        let error = failure { try StagingName("a/b") }
        #expect(error?.code == .badName)
        #expect(error?.subject == "as the name of a staging server")
    }

    @Test(
        "of hosts are names or addresses",
        arguments: [
            ("Staging.Example.com", "staging.example.com"), ("localhost", "localhost"), ("192.0.2.7", "192.0.2.7"),
            ("[2001:db8::1]", "2001:db8::1"), ("::1", "::1"), ("8.example", "8.example"),
        ]
    )
    func hosts(text: String, description: String) throws {
        #expect(try CertificateHost(parsing: text).description == description)
    }

    @Test("of IPv4 and IPv6 hosts are their bytes")
    func hostBytes() throws {
        #expect(try CertificateHost(parsing: "192.0.2.7") == .address(text: "192.0.2.7", bytes: [192, 0, 2, 7]))
        let ones: [UInt8] = Array(repeating: 0, count: 15) + [1]
        #expect(try CertificateHost(parsing: "[::1]") == .address(text: "::1", bytes: ones))
    }

    @Test(
        "of hosts are nothing else",
        arguments: [
            "", ".", "a..b", "a.", "*.example.com", "host:8703", "-a", "a-", "192.0.2.300", "10.1", "zürich.example",
            "a b", "https://a", "[192.0.2.7]", String(repeating: "a", count: 64),
        ]
    )
    func notHosts(text: String) {
        #expect(code { try CertificateHost(parsing: text) } == .identityBadHost)
    }
}
