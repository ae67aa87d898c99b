import FerryCore
import FerryIdentity
import FerryTransport
import Logging
import Synchronization
import Testing

@testable import FerryStaging

/// A whole staging server, with TLS and HTTP, and an identity for its agents.
struct StagingFixture: Sendable {
    let folder: Folder
    let port: Int
    let http: Int

    var data: String { "\(folder.path)/data" }

    /// The identity of agent `name`.
    func identity(_ name: String = "web01") throws -> TLSIdentity {
        try TLSIdentity(directory: "\(folder.path)/\(name)")
    }

    /// Runs `body` with a server of its own and the agents web01 and web02.
    static func with(_ body: (StagingFixture) async throws -> Void) async throws {
        let folder = try Folder()
        let authority = try CertificateAuthority.create(in: "\(folder.path)/ca")
        _ = try authority.issue(
            staging: try StagingName("staging"),
            hosts: [],
            to: "\(folder.path)/staging",
            lifetime: .usual
        )
        for name in ["web01", "web02"] {
            _ = try authority.issue(agent: try AgentName(name), to: "\(folder.path)/\(name)", lifetime: .usual)
        }
        let server = StagingServer(
            configuration: StagingServer.Configuration(
                directory: "\(folder.path)/data",
                listen: ("127.0.0.1", 0),
                http: ("127.0.0.1", 0),
                workers: 1,
                devices: [:],
                release: "9.9"
            ),
            identity: try TLSIdentity(directory: "\(folder.path)/staging"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let (ready, continuation) = AsyncStream.makeStream(of: StagingServer.Addresses.self)
        let running = Task {
            // Whoever waits for a server that cannot start need not wait for ever.
            defer { continuation.finish() }
            try await server.run { continuation.yield($0) }
        }
        var iterator = ready.makeAsyncIterator()
        let addresses = try #require(await iterator.next())
        let fixture = StagingFixture(folder: folder, port: port(addresses.lanes), http: port(addresses.http ?? ""))
        do {
            try await body(fixture)
        } catch {
            Issue.record(error)
        }
        running.cancel()
        _ = try? await running.value
    }

    private static func port(_ address: String) -> Int { Int(address.split(separator: ":").last ?? "") ?? 0 }
}
