import FerryAddress
import FerryCore
import FerryEvidence
import FerryIdentity
import FerryResolver
import FerryTransport
import Foundation
import Glibc
import Testing

@testable import FerryProbe

/// A vantage and whoever asks it, in one process.
@Suite(.timeLimit(.minutes(5)))
struct VantageTests {
    private let resolver = Resolver(ResolverConfiguration())

    private let room = Room()
    private var folder: String { room.path }

    /// A folder that is gone at the end of the test. A Unix socket's path is short.
    private final class Room: Sendable {
        let path = "/tmp/ferry-vantage-\(UInt64.random(in: 0 ... .max))"

        init() { mkdir(path, 0o700) }
        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private func plan(_ service: LocalService, _ id: String = "p1") -> ProbePlan {
        var plan = ProbePlan(id: id, vantage: "v", host: "127.0.0.1", port: service.port, speaks: .rsync)
        plan.answerSeconds = 1
        plan.limitSeconds = 10
        return plan
    }

    @Test func measuresOverASocketOfThisMachine() async throws {
        let path = "\(folder)/v.sock"
        let vantage = try UnixVantage(
            at: path,
            permit: VantagePermit(.all, connectsPerMinute: nil),
            resolver: resolver,
            program: "1.2.3"
        )
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        let connection = try await VantageConnection.open("unix:\(path)")
        #expect(connection.hello.program == "1.2.3")
        // It is the same clock, known as well as half a round trip allows, and both are longer on a busy machine.
        #expect(abs(connection.clockOffsetSeconds) <= connection.roundTripSeconds / 2 + 0.001)
        let service = LocalService(.greets)
        let silent = LocalService(.isSilent)
        // At the same time: the second does not wait for the first.
        async let slow = connection.probe(plan(silent, "p1"))
        async let quick = connection.probe(plan(service, "p2"))
        #expect(await quick.outcome == .ok)
        #expect(await slow.outcome == .connectSilence)
        let host = await connection.host(
            HostPlan(id: "h1", vantage: "v", ownPorts: [service.port, 1], peers: ["127.0.0.1"])
        )
        #expect(host.listeners.map(\.listens) == [true, false])
        #expect(host.listeners[0].mostWaiting == 64)
        #expect(host.peers[0].routeError == 0 && host.peers[0].localAddress == "127.0.0.1")
        #expect(host.counters["TcpExt.ListenOverflows"] != nil)
        #expect(host.settings["net.ipv4.tcp_sack"] != nil)
        let ladder = await connection.ladder(
            LadderPlan(id: "l1", vantage: "v", host: "127.0.0.1", port: service.port, sends: .request)
        )
        #expect(ladder.steps.map(\.answer) == [.reached])
        connection.close()
        vantage.close()
        #expect(stat(path, &status) != 0)
        withExtendedLifetime((service, silent)) {}
    }

    @Test func saysThatItIsGone() async throws {
        let path = "\(folder)/v.sock"
        await #expect(throws: FerryError.self) { try await VantageConnection.open("unix:\(path)", within: 1) }
        let vantage = try UnixVantage(
            at: path,
            permit: VantagePermit(.all, connectsPerMinute: nil),
            resolver: resolver,
            program: "1"
        )
        let connection = try await VantageConnection.open("unix:\(path)")
        let silent = LocalService(.isSilent)
        #expect(!connection.isGone)
        // It does not end by itself, however long this machine takes for the next line.
        var endless = plan(silent)
        (endless.answerSeconds, endless.limitSeconds) = (600, 600)
        async let record = connection.probe(endless)
        try await Task.sleep(for: .milliseconds(200))
        connection.close()
        #expect(await record.vantageProblem != nil)
        #expect(connection.isGone)
        #expect(await connection.host(HostPlan(id: "h", vantage: "v", ownPorts: [], peers: [])).vantageProblem != nil)
        vantage.close()
        withExtendedLifetime(silent) {}
    }

    /// Descriptors of this process that lead to something called `path`.
    private func listeners(at path: String) -> Int {
        (0..<1024).count { descriptor in
            var address = sockaddr_un()
            var size = socklen_t(MemoryLayout<sockaddr_un>.size)
            let isBound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    getsockname(Int32(descriptor), $0, &size) == 0
                }
            }
            guard isBound, Int32(address.sun_family) == AF_UNIX else { return false }
            let name = withUnsafeBytes(of: address.sun_path) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            return name.hasPrefix(path)
        }
    }

    @Test func givesItsDescriptorBackWhenItIsClosed() async throws {
        let path = "\(folder)/v.sock"
        let permit = VantagePermit(.all, connectsPerMinute: nil)
        let vantage = try UnixVantage(at: path, permit: permit, resolver: resolver, program: "1")
        #expect(listeners(at: path) == 1)
        vantage.close()
        while listeners(at: path) > 0 { try await Task.sleep(for: .milliseconds(10)) }
        // Once more does no harm.
        vantage.close()
    }

    @Test func refusesWhatTheSiteDoesNotDeclare() async throws {
        var site = Site(suspect: Site.Endpoint(host: "192.0.2.1", port: 8703))
        site.alternatePorts = [8702]
        site.sourceAddresses = [Site.SourceAddress(address: "203.0.113.5", via: nil)]
        let permit = VantagePermit(.declared(site), connectsPerMinute: 3, bytesPerMinute: 1000)
        #expect(permit.refusal("192.0.2.1", 8704, count: 1)?.code == "vantage.refused")
        #expect(permit.refusal("192.0.2.2", 8703, count: 1)?.code == "vantage.refused")
        #expect(permit.refusal("192.0.2.1", 8702, count: 2, bytes: 900) == nil)
        #expect(permit.refusal("192.0.2.1", 8702, count: 2)?.code == "vantage.rate")
        #expect(permit.refusal("192.0.2.1", 8702, count: 1, bytes: 101)?.code == "vantage.rate")
        #expect(permit.refusal("192.0.2.1", 8703, count: 3) == nil)
        #expect(permit.refusal(watching: "203.0.113.5") == nil)
        #expect(permit.refusal(watching: "203.0.113.6")?.code == "vantage.refused")
        #expect(VantagePermit(.none, connectsPerMinute: nil).refusal("192.0.2.1", 1, count: 1) != nil)
    }

    @Test func watchesOfAnyHostOnlyDeclaredPortsOfTheSuspects() {
        var site = Site(suspect: Site.Endpoint(host: "192.0.2.1", port: 8703))
        site.alternatePorts = [8702]
        site.controls = [Site.Endpoint(host: "192.0.2.1", port: 8080), Site.Endpoint(host: "192.0.2.9", port: 443)]
        let permit = VantagePermit(.declared(site), connectsPerMinute: nil)
        func code(_ host: String, _ ports: [UInt16], _ permit: VantagePermit) -> String? {
            permit.refusal(watching: WatchPlan(id: "w", vantage: "v", host: host, ports: ports, limitSeconds: 1))?.code
        }
        #expect(code("", [8703, 8080, 8702], permit) == nil)
        #expect(code("", [8703, 443], permit) == "vantage.refused")
        #expect(code("", [], permit) == "vantage.refused")
        #expect(code("192.0.2.1", [443], permit) == nil)
        #expect(code("192.0.2.7", [8703], permit) == "vantage.refused")
        site.suspect.host = "staging.example"
        site.controls = []
        let named = VantagePermit(.declared(site), connectsPerMinute: nil)
        #expect(code("192.0.2.7", [8703, 8702], named) == nil)
        #expect(code("192.0.2.7", [443], named) == "vantage.refused")
        #expect(code("other.example", [8703], named) == "vantage.refused")
        #expect(code("", [8703], VantagePermit(.none, connectsPerMinute: nil)) == "vantage.refused")
        #expect(code("", [8703], VantagePermit(.all, connectsPerMinute: nil)) == nil)
    }

    @Test func measuresOverTLSForOperatorsAlone() async throws {
        let authority = try CertificateAuthority.create(in: "\(folder)/pki", name: "test")
        _ = try authority.issue(vantage: try AgentName("v"), to: "\(folder)/v")
        _ = try authority.issue(operator: try AgentName("o"), to: "\(folder)/o")
        _ = try authority.issue(agent: try AgentName("a"), to: "\(folder)/a")
        let service = LocalService(.greets)
        let port = LocalService(.greets).port
        usleep(50_000)
        let reach = "tls://127.0.0.1:\(port)"
        let vantage = try await TLSVantage.listen(
            at: try EndpointAddress(parsing: "127.0.0.1:\(port)"),
            identity: try TLSIdentity(directory: "\(folder)/v"),
            permit: VantagePermit(
                .declared(Site(suspect: Site.Endpoint(host: "127.0.0.1", port: service.port))),
                connectsPerMinute: 1
            ),
            resolver: resolver,
            program: "1"
        )
        let connection = try await VantageConnection.open(reach, identity: "\(folder)/o")
        #expect(await connection.probe(plan(service)).outcome == .ok)
        #expect(await connection.probe(plan(service)).vantageProblem?.contains("vantage.rate") == true)
        connection.close()
        // An agent of the same authority is no operator.
        await #expect(throws: FerryError.self) {
            try await VantageConnection.open(reach, identity: "\(folder)/a", within: 3)
        }
        vantage.close()
        withExtendedLifetime(service) {}
    }

    @Test func operatorsGetInBesideStrangersOfAnotherAddress() async throws {
        let authority = try CertificateAuthority.create(in: "\(folder)/pki", name: "test")
        _ = try authority.issue(vantage: try AgentName("v"), to: "\(folder)/v")
        _ = try authority.issue(operator: try AgentName("o"), to: "\(folder)/o")
        let port = LocalService(.greets).port
        usleep(50_000)
        let vantage = try await TLSVantage.listen(
            at: try EndpointAddress(parsing: "127.0.0.1:\(port)"),
            identity: try TLSIdentity(directory: "\(folder)/v"),
            permit: VantagePermit(.none, connectsPerMinute: 1),
            resolver: resolver,
            program: "1"
        )
        // They say nothing, for as long as strangers may.
        let strangers = (0..<80).map { _ in
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            _ = KernelAddress(IPEndpoint(.v4(0x7F00_0002), port: 0)).pass { bind(descriptor, $0, $1) }
            _ = KernelAddress(IPEndpoint(.loopback4, port: port)).pass { connect(descriptor, $0, $1) }
            return descriptor
        }
        defer { for descriptor in strangers { close(descriptor) } }
        try await Task.sleep(for: .milliseconds(200))
        for _ in 0..<3 {
            let connection = try await VantageConnection.open(
                "tls://127.0.0.1:\(port)",
                identity: "\(folder)/o",
                within: 5
            )
            connection.close()
        }
        vantage.close()
    }

    @Test func doesNotUnderstandEverything() async throws {
        let path = "\(folder)/v.sock"
        let vantage = try UnixVantage(
            at: path,
            permit: VantagePermit(.all, connectsPerMinute: nil),
            resolver: resolver,
            program: "1"
        )
        let descriptor = try UnixSocket.connect(to: path)
        _ = UnixSocket.write("{\"id\":7,\"time\":true}\nnonsense", to: descriptor)
        var answers: [JSONValue] = []
        UnixSocket.read(descriptor) { line in
            if let value = try? JSONValue(parsing: line, from: "the vantage") { answers.append(value) }
            return true
        }
        #expect(answers.first?["vantage"]?.integer == 1)
        #expect(answers.dropFirst().first?["id"]?.integer == 7)
        #expect(answers.last?["refusal"]?["code"]?.text == "vantage.malformed")
        vantage.close()
    }

    @Test func takesNoPathThatIsTaken() throws {
        let path = "\(folder)/v.sock"
        let permit = VantagePermit(.all, connectsPerMinute: nil)
        let first = try UnixVantage(at: path, permit: permit, resolver: resolver, program: "1")
        #expect(throws: FerryError.self) {
            try UnixVantage(at: path, permit: permit, resolver: resolver, program: "1")
        }
        first.close()
        _ = creat(path, 0o600)
        #expect(throws: FerryError.self) {
            try UnixVantage(at: path, permit: permit, resolver: resolver, program: "1")
        }
        #expect(throws: FerryError.self) { try VantageReach(parsing: "tcp:1") }
        #expect(try VantageReach(parsing: "tls://192.0.2.1:8710").description == "tls://192.0.2.1:8710")
    }
}
