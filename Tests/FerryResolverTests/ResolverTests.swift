import FerryAddress
import FerryCore
import Glibc
import Testing

@testable import FerryResolver

/// Runs `body` with a resolver that asks a name server behaving as `reply` says.
func withNameServer(
    timeout: Duration = .seconds(20),
    attempts: Int = 1,
    search: [String] = [],
    _ reply: @escaping @Sendable ([UInt8]) -> FakeNameServer.Reply,
    _ body: (Resolver, FakeNameServer) throws -> Void
) throws {
    let server = FakeNameServer(reply)
    defer { server.stop() }
    var configuration = ResolverConfiguration(servers: [server.endpoint])
    configuration.timeout = timeout
    configuration.attempts = attempts
    configuration.search = try search.map { try DomainName(parsing: $0) }
    try body(Resolver(configuration), server)
}

/// The code of the `FerryError` that `body` throws, or nil if it throws none.
func code(_ body: () throws -> Void) -> ErrorCode? {
    do {
        try body()
        return nil
    } catch {
        return (error as? FerryError)?.code
    }
}

@Suite struct ResolverTests {
    @Test func `an address is itself and nobody is asked`() throws {
        let resolver = Resolver(ResolverConfiguration())
        try #expect(resolver.addresses(of: "192.0.2.9").map(\.description) == ["192.0.2.9"])
        let endpoint = try EndpointAddress(parsing: "[2001:db8::1]:8703")
        try #expect(resolver.endpoints(of: endpoint).map(\.description) == ["[2001:db8::1]:8703"])
        try #expect(resolver.addresses(of: "localhost").map(\.description) == ["127.0.0.1", "::1"])
    }

    @Test func `both families are asked for and IPv4 comes first`() throws {
        let six: [UInt8] = [0x20, 0x01, 0x0D, 0xB8] + Array(repeating: 0, count: 11) + [5]
        try withNameServer {
            .init(datagrams: [PacketBuilder.addresses($0, v6: six)])
        } _: { resolver, server in
            let name = try DomainName(parsing: "staging.example.com")
            let resolution = try resolver.resolve(name)
            #expect(resolution.addresses.map(\.description) == ["192.0.2.1", "2001:db8::5"])
            #expect(resolution.source == .nameServer(server.endpoint))
            #expect(resolution.secondsToLive == 60)
            let endpoints = try resolver.endpoints(of: EndpointAddress(parsing: "staging.example.com:8703"))
            #expect(endpoints.map(\.description) == ["192.0.2.1:8703", "[2001:db8::5]:8703"])
            #expect(Set(server.asked.map { PacketBuilder.type($0) }) == [1, 28])
        }
    }

    @Test func `a name in the hosts table is not asked for`() throws {
        try withNameServer { _ in
            .init()
        } _: { resolver, server in
            var resolver = resolver
            resolver.configuration.hosts = HostsTable(parsing: "2001:db8::1 staging\n192.0.2.8 staging")
            let resolution = try resolver.resolve(DomainName(parsing: "staging"))
            #expect(resolution.addresses.map(\.description) == ["192.0.2.8", "2001:db8::1"])
            #expect(resolution.source == .hosts)
            #expect(server.asked.isEmpty)
        }
    }

    @Test func `aliases are followed within one answer`() throws {
        try withNameServer { query in
            var packet = PacketBuilder(to: query, answers: PacketBuilder.type(query) == 1 ? 3 : 2)
            packet.record(5, PacketBuilder.name("one.example"), secondsToLive: 7)
            packet.record(5, PacketBuilder.name("two.example"), of: PacketBuilder.name("One.Example"))
            if PacketBuilder.type(query) == 1 {
                packet.record(1, [192, 0, 2, 2], of: PacketBuilder.name("two.example"))
            }
            return .init(datagrams: [packet.bytes])
        } _: { resolver, _ in
            let resolution = try resolver.resolve(DomainName(parsing: "staging.example.com"))
            #expect(resolution.addresses.map(\.description) == ["192.0.2.2"])
            #expect(resolution.aliases.map(\.description) == ["one.example", "two.example"])
            #expect(resolution.secondsToLive == 7)
        }
    }

    @Test func `an alias whose target the server left out is asked for in its place`() throws {
        try withNameServer { query in
            if PacketBuilder.questionName(query) == "real.example" {
                return .init(datagrams: [PacketBuilder.addresses(query)])
            }
            var packet = PacketBuilder(to: query, answers: 1)
            packet.record(5, PacketBuilder.name("real.example"))
            return .init(datagrams: [packet.bytes])
        } _: { resolver, _ in
            let resolution = try resolver.resolve(DomainName(parsing: "staging.example.com"))
            #expect(resolution.addresses.map(\.description) == ["192.0.2.1"])
            #expect(resolution.aliases.map(\.description) == ["real.example"])
        }
    }

    @Test(arguments: [["staging.example.com"], ["other.example", "staging.example.com"]])
    func `aliases in a circle end in an error`(targets: [String]) throws {
        try withNameServer { query in
            var packet = PacketBuilder(to: query, answers: targets.count)
            var name = PacketBuilder.name(PacketBuilder.questionName(query))
            for target in targets {
                packet.record(5, PacketBuilder.name(target), of: name)
                name = PacketBuilder.name(target)
            }
            return .init(datagrams: [packet.bytes])
        } _: { resolver, _ in
            #expect(code { _ = try resolver.addresses(of: "staging.example.com") } == .badAnswer)
        }
    }

    @Test func `a chain that grows with every answer ends in an error`() throws {
        try withNameServer { query in
            var packet = PacketBuilder(to: query, answers: 1)
            packet.record(5, [1, UInt8(ascii: "x")] + PacketBuilder.name(PacketBuilder.questionName(query)))
            return .init(datagrams: [packet.bytes])
        } _: { resolver, server in
            #expect(code { _ = try resolver.addresses(of: "staging.example.com") } != nil)
            #expect(server.asked.count <= 2 * (NameLookup.mostRestarts + 1))
        }
    }
}

@Suite struct ResolverFailureTests {
    @Test func `no such name, no address and a failing server are three different errors`() throws {
        try withNameServer {
            .init(datagrams: [PacketBuilder(to: $0, code: 3, answers: 0).bytes])
        } _: { resolver, server in
            #expect(code { _ = try resolver.addresses(of: "staging.example.com") } == .noSuchName)
        }
        try withNameServer {
            .init(datagrams: [PacketBuilder(to: $0, answers: 0).bytes])
        } _: { resolver, _ in
            #expect(code { _ = try resolver.addresses(of: "staging.example.com") } == .noAddress)
        }
        for (answer, word) in [(UInt8(2), "SERVFAIL"), (5, "REFUSED"), (9, "response code 9")] {
            try withNameServer {
                .init(datagrams: [PacketBuilder(to: $0, code: answer, answers: 0).bytes])
            } _: {
                resolver,
                _ in
                #expect {
                    try resolver.addresses(of: "staging.example.com")
                } throws: { error in
                    guard let error = error as? FerryError else { return false }
                    return error.code == .nameServerFailed && error.cause.contains(word)
                }
            }
        }
    }

    @Test func `a silent server is a timeout and is asked as often as configured`() throws {
        try withNameServer(timeout: .milliseconds(50), attempts: 3) { _ in
            .init()
        } _: { resolver, server in
            #expect(code { _ = try resolver.addresses(of: "staging.example.com") } == .nameServerSilent)
            #expect(server.asked.count == 6)
        }
    }

    @Test func `the limit of a call ends it however patient the configuration is`() throws {
        try withNameServer(timeout: .seconds(3600), attempts: 5) { _ in
            .init()
        } _: { resolver, _ in
            let call = { _ = try resolver.addresses(of: "staging.example.com", within: .milliseconds(100)) }
            #expect(code(call) == .nameServerSilent)
        }
    }

    @Test func `a closed port is told from silence`() throws {
        let file = FakeNameServer.bound(SOCK_DGRAM, 0)
        let closed = IPEndpoint(.loopback4, port: FakeNameServer.port(file))
        close(file)
        let resolver = Resolver(ResolverConfiguration(servers: [closed]))
        #expect(code { _ = try resolver.addresses(of: "staging.example.com") } == .nameServerUnreachable)
    }

    @Test func `the next server is asked when the first one fails`() throws {
        let failing = FakeNameServer { .init(datagrams: [PacketBuilder(to: $0, code: 2, answers: 0).bytes]) }
        defer { failing.stop() }
        try withNameServer {
            .init(datagrams: [PacketBuilder.addresses($0)])
        } _: { resolver, server in
            var resolver = resolver
            resolver.configuration.servers = [failing.endpoint, server.endpoint]
            let resolution = try resolver.resolve(DomainName(parsing: "staging.example.com"))
            #expect(resolution.source == .nameServer(server.endpoint))
        }
    }

    @Test func `one family is enough when the server keeps silent about the other`() throws {
        try withNameServer { query in
            PacketBuilder.type(query) == 1 ? .init(datagrams: [PacketBuilder.addresses(query)]) : .init()
        } _: { resolver, _ in
            try #expect(resolver.addresses(of: "staging.example.com").map(\.description) == ["192.0.2.1"])
        }
    }

    @Test func `search domains are tried first for a short name and last for a long one`() throws {
        try withNameServer(search: ["a.example", "b.example"]) { query in
            PacketBuilder.questionName(query) == "staging.b.example"
                ? .init(datagrams: [PacketBuilder.addresses(query)])
                : .init(datagrams: [PacketBuilder(to: query, code: 3, answers: 0).bytes])
        } _: { resolver, server in
            func names() -> [String] {
                server.asked.filter { PacketBuilder.type($0) == 1 }.map { PacketBuilder.questionName($0) }
            }
            try #expect(resolver.addresses(of: "staging").count == 1)
            #expect(names() == ["staging.a.example", "staging.b.example"])
            #expect(code { _ = try resolver.addresses(of: "x.staging") } == .noSuchName)
            #expect(names().suffix(3) == ["x.staging", "x.staging.a.example", "x.staging.b.example"])
            #expect(code { _ = try resolver.addresses(of: "staging.") } == .noSuchName)
            #expect(names().last == "staging")
        }
    }
}
