import FerryCore
import FerryImage
import FerryWire
import NIOCore
import Testing

/// What a peer may ask for at once, and which numbers it may use.
@Suite struct MessageLimitTests {
    private static func read(_ message: AgentMessage) throws -> AgentMessage {
        var buffer = ByteBuffer()
        message.write(to: &buffer)
        var decoder = FrameDecoder()
        decoder.append(&buffer)
        return try AgentMessage(try #require(try decoder.next()))
    }

    private static func offer(_ ranges: [(UInt32, UInt32)], regions: Int = 0) -> AgentMessage {
        .offer(
            Offer(
                batch: 1,
                disk: 0,
                isRepair: false,
                regions: (0..<regions).map {
                    OfferedRegion(
                        index: UInt32($0),
                        leaf: Digest(),
                        runs: [RegionRun(.zero, start: 0, blocks: 256)],
                        changed: BlockSet()
                    )
                },
                emptyRanges: ranges.map { EmptyRange(first: $0.0, count: $0.1, kind: .zero) }
            )
        )
    }

    @Test func offerSpeaksOfSoManyRegionsAndNotMore() throws {
        let most = UInt32(Offer.mostRegions)
        _ = try MessageLimitTests.read(MessageLimitTests.offer([(0, most)]))
        _ = try MessageLimitTests.read(MessageLimitTests.offer([(0, 1000), (500, most - 1010)], regions: 10))
        for offer in [
            MessageLimitTests.offer([(0, most + 1)]),
            MessageLimitTests.offer(Array(repeating: (0, 1000), count: 9)),
            MessageLimitTests.offer([(0, most - 9)], regions: 10),
            MessageLimitTests.offer([], regions: Int(most) + 1),
            MessageLimitTests.offer(Array(repeating: (0, .max), count: 60_000)),
        ] {
            #expect(throws: FerryError.self) { try MessageLimitTests.read(offer) }
        }
    }

    @Test func rangeHasARegionAndEndsWithinTheNumbersThatThereAre() throws {
        _ = try MessageLimitTests.read(MessageLimitTests.offer([(.max - 5, 5)]))
        for range in [(5, 0), (.max - 5, 6), (.max, 1)] as [(UInt32, UInt32)] {
            #expect(throws: FerryError.self) { try MessageLimitTests.read(MessageLimitTests.offer([range])) }
        }
    }

    @Test(arguments: [0, 1 << 60, .max] as [UInt64]) func passHasANumberToWhichOneMayBeAdded(pass: UInt64) throws {
        func end(_ pass: UInt64) -> AgentMessage {
            .endPass(
                EndPass(
                    disk: 0,
                    pass: pass,
                    consistency: .fuzzy,
                    root: Digest(),
                    startedAt: .now(),
                    endedAt: .now()
                )
            )
        }
        #expect(throws: FerryError.self) { try MessageLimitTests.read(end(pass)) }
        _ = try MessageLimitTests.read(end(1))
        _ = try MessageLimitTests.read(end((1 << 60) - 1))
    }
}
