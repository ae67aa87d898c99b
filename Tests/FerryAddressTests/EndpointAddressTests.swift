import FerryAddress
import FerryCore
import Testing

@Suite struct EndpointAddressTests {
    @Test(arguments: [
        "staging.example.com:8703", "192.0.2.1:1", "[2001:db8::1]:65535", "[::1]:8703", "host_1:8080", "a.b.:53",
    ])
    func `an endpoint is written as it was read`(text: String) throws {
        #expect(try EndpointAddress(parsing: text).description == text)
    }

    @Test(arguments: [
        ("staging.example.com", "the port is missing"), ("[::1]", "the port is missing"), ("", "the port is missing"),
        ("::1:8703", "brackets"), ("2001:db8::1", "brackets"), ("[::1:8703", "not closed"),
        (":8703", "the host is missing"),
        ("[]:8703", "the host is missing"), ("[192.0.2.1]:8703", "not an IPv6 address"),
        ("[name]:8703", "not an IPv6 address"),
        ("host:0", "1 to 65535"), ("host:65536", "1 to 65535"), ("host:", "1 to 65535"), ("host:+80", "1 to 65535"),
        ("host:80x", "1 to 65535"), ("host:99999999999999999999", "1 to 65535"),
    ])
    func `an endpoint that cannot be used is refused with the reason`(text: String, reason: String) {
        #expect {
            try EndpointAddress(parsing: text)
        } throws: { error in
            guard let error = error as? FerryError else { return false }
            return error.code == .badEndpoint && error.cause.contains(reason) && !error.advice.isEmpty
        }
    }

    @Test(arguments: [
        "a..b:1", "-a:1", "a-:1", "a b:1", "192.0.2.256:1", "3325256724:1", "198.51.100.2560000000:1", "10.1:1",
        "bücher.example:1", ".:1", "a/b:1",
    ])
    func `an endpoint whose name is no host name is refused`(text: String) {
        #expect {
            try EndpointAddress(parsing: text)
        } throws: {
            ($0 as? FerryError)?.code == .badHostName
        }
    }

    @Test func `names are limited to what a packet can carry`() throws {
        let label = String(repeating: "a", count: 63)
        _ = try DomainName(parsing: [label, label, label, String(repeating: "b", count: 61)].joined(separator: "."))
        #expect(throws: FerryError.self) {
            try DomainName(parsing: [label, label, label, String(repeating: "b", count: 62)].joined(separator: "."))
        }
        #expect(throws: FerryError.self) { try DomainName(parsing: label + "a") }
    }

    @Test func `names do not mind their case`() throws {
        #expect(try DomainName(parsing: "Staging.Example.COM") == DomainName(parsing: "staging.example.com."))
    }
}
