import FerryCore
import FerryImage
import FerryWire
import NIOCore
import Testing

@testable import FerryStaging

@Suite("Batches that touch the same region")
struct BatchOrderTests {
    private static func content(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: ImageLayout.blockSize) }

    /// An offer of region 0, of which the first block has content: bytes that are the batch's number.
    private func offerOfContent(_ batch: UInt8) -> AgentMessage {
        let digest = BatchOrderTests.content(batch).withUnsafeBytes { SHA256.digest(of: $0) }
        let rest = ImageLayout.regionBlocks - 1
        let record = RegionRecord(runs: [Run(.chunk, blocks: 1, digest: digest), Run(.unused, blocks: rest)])
        let region = OfferedRegion(
            index: 0,
            leaf: RegionRecord.leaf(ofEncoded: record.encoded),
            runs: [
                RegionRun(.chunk, start: 0, blocks: 1, digest: digest),
                RegionRun(.unused, start: 1, blocks: rest),
            ],
            changed: BlockSet()
        )
        return .offer(Offer(batch: UInt64(batch), disk: 0, isRepair: false, regions: [region], emptyRanges: []))
    }

    /// The content of `offerOfContent`.
    private func data(_ batch: UInt8) -> AgentMessage {
        .data(
            DataPart(
                batch: UInt64(batch),
                firstNeeded: 0,
                runs: 1,
                unpackedLength: UInt32(ImageLayout.blockSize),
                encoding: .plain,
                content: ByteBuffer(bytes: BatchOrderTests.content(batch))
            )
        )
    }

    private func offerOfNothing(_ batch: UInt64, region: UInt32) -> AgentMessage {
        let range = EmptyRange(first: region, count: 1, kind: .zero)
        return .offer(Offer(batch: batch, disk: 0, isRepair: false, regions: [], emptyRanges: [range]))
    }

    /// What is answered, up to `last`.
    private func answers(_ agent: TestAgent, until last: String) async throws -> [String] {
        var heard: [String] = []
        while heard.last != last, let answer = await agent.hear() {
            switch answer {
            case .need(let need): heard.append("need \(need.batch)")
            case .durable(let batch): heard.append("durable \(batch)")
            case .pong(let token): heard.append("pong \(token)")
            default: break
            }
        }
        return heard
    }

    @Test func noBatchIsDurableBeforeThoseThatWereOfferedEarlierOnItsLane() async throws {
        try await StagingFixture.with { fixture in
            let agent = try await TestAgent(port: fixture.port, identity: try fixture.identity())
            try await agent.greet("job01")
            try await agent.say(
                .openDisk(OpenDisk(disk: 0, name: "sda", identity: "x", size: .mebibytes(4), cutRule: 1))
            )
            _ = await agent.hear()
            // The second waits for the first, the third for nobody.
            try await agent.say(offerOfContent(1))
            try await agent.say(offerOfContent(2))
            try await agent.say(offerOfNothing(3, region: 2))
            #expect(try await answers(agent, until: "need 3").last == "need 3")
            try await agent.say(data(1))
            #expect(try await answers(agent, until: "need 2").last == "need 2")
            // Longer than a checkpoint waits for others; the answer to a ping comes after all that was said before it.
            try await Task.sleep(for: .milliseconds(700))
            try await agent.say(.ping(token: 1))
            let before = try await answers(agent, until: "pong 1")
            #expect(!before.contains("durable 2") && !before.contains("durable 3"), "\(before)")
            try await agent.say(data(2))
            #expect(try await answers(agent, until: "durable 3").last == "durable 3")
            try await agent.end()
        }
    }
}
