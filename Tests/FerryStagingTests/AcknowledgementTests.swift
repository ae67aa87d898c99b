import FerryAddress
import FerryCore
import FerryIdentity
import FerryReplication
import FerryTransport
import Foundation
import Synchronization
import Testing

@Suite("What an agent may have unacknowledged")
struct AcknowledgementTests {
    /// What an agent told of its standstills and generations.
    private final class Notes: Sendable {
        let stalls = Atomic<Int>(0)
        let generations = Atomic<Int>(0)
    }

    @Test(.timeLimit(.minutes(5))) func theOldestBatchIsSentHoweverMuchWaitsForIt() async throws {
        let folder = try Folder()
        let authority = try CertificateAuthority.create(in: "\(folder.path)/ca")
        let staging = "\(folder.path)/staging"
        let web01 = "\(folder.path)/web01"
        _ = try authority.issue(staging: try StagingName("staging"), hosts: [], to: staging, lifetime: .usual)
        _ = try authority.issue(agent: try AgentName("web01"), to: web01, lifetime: .usual)
        // Nothing of it shrinks: more than an agent may have unacknowledged, which is 40 MiB.
        var generator = SystemRandomNumberGenerator()
        var content = Data(capacity: 64 << 20)
        while content.count < 64 << 20 {
            withUnsafeBytes(of: generator.next()) { content.append(contentsOf: $0) }
        }
        try content.write(to: URL(fileURLWithPath: "\(folder.path)/sda"))
        let server = try await UnequalStaging(identity: try TLSIdentity(directory: staging), patience: 40 << 20)
        var configuration = ReplicationConfiguration(
            job: try JobID("web01"),
            disks: ["\(folder.path)/sda"],
            endpoints: [try EndpointAddress(parsing: "127.0.0.1:\(server.port)")],
            release: "9.9"
        )
        configuration.memory = .mebibytes(512)
        configuration.cores = 1
        let replication = Replication(configuration: configuration, identity: try TLSIdentity(directory: web01))
        let notes = Notes()
        _ = try await replication.run { event in
            if case .stalled = event { notes.stalls.add(1, ordering: .relaxed) }
            if case .verified = event { notes.generations.add(1, ordering: .relaxed) }
        }
        #expect(notes.stalls.load(ordering: .relaxed) == 0)
        #expect(notes.generations.load(ordering: .relaxed) == 1)
        try await server.close()
    }
}
