import FerryCore
import FerryIdentity
import FerryPreCheck
import FerryTransport
import Foundation
import Testing

@testable import FerryAgentCommands

@Suite struct IdentityFindingTests {
    private static func with(days: Int, _ body: (TLSIdentity) throws -> Void) throws {
        let folder = "\(FileManager.default.temporaryDirectory.path)/ferry-identity-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let authority = try CertificateAuthority.create(in: "\(folder)/ca")
        _ = try authority.issue(
            agent: try AgentName("web01"),
            to: "\(folder)/agent",
            lifetime: try Lifetime(days: days)
        )
        try body(try TLSIdentity(directory: "\(folder)/agent"))
    }

    private static func now(plusDays days: Int64) -> UTCTime {
        UTCTime(microseconds: UTCTime.now().microseconds + days * 86_400_000_000)
    }

    @Test func identityThatLastsIsFine() throws {
        try IdentityFindingTests.with(days: 30) { identity in
            let finding = IdentityFinding.of(identity)
            #expect(finding.level == .ok && finding.seen.contains("web01"))
        }
    }

    @Test func identityThatEndsSoonIsAWarningAndOneThatEndedIsCritical() throws {
        try IdentityFindingTests.with(days: 30) { identity in
            #expect(IdentityFinding.of(identity, now: IdentityFindingTests.now(plusDays: 25)).level == .warning)
            #expect(IdentityFinding.of(identity, now: IdentityFindingTests.now(plusDays: 31)).level == .critical)
            #expect(IdentityFinding.of(identity, now: IdentityFindingTests.now(plusDays: -1)).level == .critical)
        }
    }
}
