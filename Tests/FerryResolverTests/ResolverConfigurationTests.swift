import FerryAddress
import FerryCore
import Glibc
import Testing

@testable import FerryResolver

@Suite struct ResolverConfigurationTests {
    @Test func `every line that matters is read and the C library's limits are kept`() {
        let configuration = ResolverConfiguration(
            resolvConf: """
                # made by hand
                domain old.example
                search a.example b.example. .\r
                nameserver 192.0.2.1 ; the first
                nameserver\tfe80::1%1
                nameserver not-an-address
                nameserver 192.0.2.3
                nameserver 192.0.2.4
                options ndots:99 timeout:0 attempts:77 use-vc rotate
                sortlist 192.0.2.0
                """
        )
        #expect(configuration.servers.map(\.description) == ["192.0.2.1:53", "[fe80::1%1]:53", "192.0.2.3:53"])
        #expect(configuration.search.map(\.description) == ["a.example", "b.example"])
        #expect(configuration.dots == 15)
        #expect(configuration.timeout == .seconds(1))
        #expect(configuration.attempts == 5)
        #expect(configuration.usesOnlyTCP)
        #expect(configuration.remarks.count == 2)
        #expect(configuration.remarks.first?.contains("line 6") == true)
    }

    @Test func `without a name server the server itself is asked`() {
        #expect(ResolverConfiguration(resolvConf: "").servers == [IPEndpoint(.loopback4, port: 53)])
    }

    @Test func `hosts are found by every name, in any case, each address once`() throws {
        let hosts = HostsTable(
            parsing: """
                127.0.0.1 localhost
                192.0.2.7\tStaging.Example.com staging # the new one
                nonsense staging
                2001:db8::7 staging
                192.0.2.7 staging
                """
        )
        let staging = try DomainName(parsing: "STAGING")
        #expect(hosts.addresses(of: staging).map(\.description) == ["192.0.2.7", "2001:db8::7"])
        #expect(hosts.addresses(of: try DomainName(parsing: "staging.example.com")).count == 1)
        #expect(hosts.addresses(of: try DomainName(parsing: "new")).isEmpty)
    }

    @Test func `a link to an absolute path leads below the root it was found in`() throws {
        let root = "/tmp/ferry-resolver-\(UInt64.random(in: 0 ... .max))"
        for directory in ["", "/etc", "/run", "/run/net"] { #expect(mkdir(root + directory, 0o700) == 0) }
        let file = try #require(fopen(root + "/run/net/resolv.conf", "w"))
        fputs("nameserver 192.0.2.53\n", file)
        fclose(file)
        #expect(symlink("/run/link.conf", root + "/etc/resolv.conf") == 0)
        #expect(symlink("net/resolv.conf", root + "/run/link.conf") == 0)
        let configuration = ResolverConfiguration.ofServer(roots: ["/no/such/root", root])
        #expect(configuration.servers.map(\.description) == ["192.0.2.53:53"])
        for path in ["/etc/resolv.conf", "/run/link.conf", "/run/net/resolv.conf"] { unlink(root + path) }
        for directory in ["/run/net", "/run", "/etc", ""] { rmdir(root + directory) }
    }

    @Test func `a server without any file has no name server and says why`() {
        let resolver = Resolver(ResolverConfiguration.ofServer(roots: ["/no/such/root"]))
        #expect {
            try resolver.addresses(of: "staging.example.com")
        } throws: { error in
            guard let error = error as? FerryError else { return false }
            return error.code == .noNameServer && error.cause.contains("/etc/resolv.conf cannot be read")
        }
    }
}
