import Foundation
import Testing

/// Peers that are trusted and still say what no peer should.
@Suite(.enabled(if: Programs.areBuilt, "FERRY_BIN names no folder with ferry and ferry-agent"))
struct HostilePeerTests {
    /// The hello of an agent that speaks only versions 2 and 3, with what nobody knows yet behind them.
    private static let helloFromTheFuture =
        [0, 0, 0, 17, 1] + Array("FERRY".utf8) + [0, 2, 0, 3] + [0xDE, 0xAD, 0xBE, 0xEF, 1, 2, 3, 4]

    @Test func agentFromTheFutureIsToldWhichVersionsThereAre() async throws {
        try await Site.with { site in
            let staging = try await site.startStaging()
            let answer = try await OpenSSLPeer.ask(
                HostilePeerTests.helloFromTheFuture,
                port: staging.port,
                identity: "\(site.folder)/agent",
                in: site.folder
            )
            let refusal = try #require(answer, "the connection stays open")
            // REFUSE is message 82.
            #expect(refusal.dropFirst(4).first == 0x82)
            #expect(refusal.range(of: Data("wire.version".utf8)) != nil)
            #expect(staging.program.output.contains("wire.version"))
            #expect(staging.program.ended() == nil)
        }
    }

    @Test(arguments: [0x03, 0x04, 0x06, 0x08, 0xFF] as [UInt8])
    func frameOfFourGiBEndsTheLaneAndNothingElse(type: UInt8) async throws {
        try await Site.with { site in
            let staging = try await site.startStaging()
            let answer = try await OpenSSLPeer.ask(
                [0xFF, 0xFF, 0xFF, 0xFF, type] + [UInt8](repeating: 0, count: 3 << 20),
                port: staging.port,
                identity: "\(site.folder)/agent",
                in: site.folder
            )
            #expect(answer != nil, "the connection stays open")
            try await staging.program.says("wire.frame-too-long")
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 19)
            let agent = try site.start(site.replicate(disk, to: staging.port))
            #expect(try await agent.wait() == 0, "\(agent.output.suffix(2000))")
            try site.expectEqual(disk)
        }
    }

    @Test func agentWhoseStagingServerAnnouncesFourGiBSaysSoAndTriesAgain() async throws {
        try await Site.with { site in
            let disk = "\(site.folder)/sda"
            try await TestDisk.make(at: disk, mebibytes: 48, seed: 20)
            let real = try await site.startStaging()
            try await real.program.killAndWait()
            let hostile = try OpenSSLPeer.serve(
                [0xFF, 0xFF, 0xFF, 0xFF, 0x88],
                port: real.port,
                identity: "\(site.folder)/staging",
                in: site.folder
            )
            let agent = try site.start(site.replicate(disk, to: real.port))
            try await agent.says("wire.frame-too-long")
            try await hostile.killAndWait()
            let staging = try await site.startStaging()
            #expect(try await agent.wait() == 0, "\(agent.output.suffix(2000))")
            #expect(staging.program.ended() == nil)
            try site.expectEqual(disk)
        }
    }
}
