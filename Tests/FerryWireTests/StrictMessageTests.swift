import FerryCore
import FerryImage
import FerryWire
import NIOCore
import Testing

/// There is one way to write each message: what an older or hostile peer writes otherwise is refused.
@Suite struct StrictMessageTests {
    private static func payload(_ write: (inout ByteBuffer) -> Void) throws -> Frame {
        var buffer = ByteBuffer()
        write(&buffer)
        var decoder = FrameDecoder()
        decoder.append(&buffer)
        return try #require(try decoder.next())
    }

    @Test func textThatIsNotUTF8IsRefused() throws {
        var frame = try StrictMessageTests.payload { AgentMessage.goodbye(reason: "done").write(to: &$0) }
        frame.payload.setInteger(UInt8(0xC3), at: frame.payload.writerIndex - 1)
        let broken = frame
        #expect(throws: FerryError.self) { try AgentMessage(broken) }
    }

    @Test func textThatIsTooLongIsCutBetweenCharacters() throws {
        let long = "x" + String(repeating: "\u{1F980}", count: 2000)
        let frame = try StrictMessageTests.payload { AgentMessage.goodbye(reason: long).write(to: &$0) }
        guard case .goodbye(let reason) = try AgentMessage(frame) else {
            return #expect(Bool(false), "not a farewell")
        }
        #expect(reason == String(long.prefix(1 + 4095 / 4)))
    }

    @Test func flagIsZeroOrOne() throws {
        let refusal = Refusal(code: "a", text: "b", advice: "c", mayRetry: true)
        var frame = try StrictMessageTests.payload { StagingMessage.refuse(refusal).write(to: &$0) }
        frame.payload.setInteger(UInt8(2), at: frame.payload.writerIndex - 1)
        let unclear = frame
        #expect(throws: FerryError.self) { try StagingMessage(unclear) }
        let offer = Offer(batch: 1, disk: 0, isRepair: true, regions: [], emptyRanges: [])
        frame = try StrictMessageTests.payload { AgentMessage.offer(offer).write(to: &$0) }
        frame.payload.setInteger(UInt8(255), at: frame.payload.readerIndex + 10)
        let alsoUnclear = frame
        #expect(throws: FerryError.self) { try AgentMessage(alsoUnclear) }
    }

    @Test func spareBitsAreZero() throws {
        let need = Need(batch: 9, outOfStep: [], needed: [true, false, true])
        var frame = try StrictMessageTests.payload { StagingMessage.need(need).write(to: &$0) }
        frame.payload.setInteger(UInt8(0b1000_0101), at: frame.payload.writerIndex - 1)
        let broken = frame
        #expect(throws: FerryError.self) { try StagingMessage(broken) }
        var changed = BlockSet()
        changed.insert(1)
        let region = OfferedRegion(
            index: 0,
            leaf: Digest(),
            runs: [RegionRun(.patch, start: 0, blocks: 3)],
            changed: changed
        )
        let offer = Offer(batch: 1, disk: 0, isRepair: false, regions: [region], emptyRanges: [])
        frame = try StrictMessageTests.payload { AgentMessage.offer(offer).write(to: &$0) }
        // The number of empty ranges comes behind the bits.
        frame.payload.setInteger(UInt8(0b0000_1010), at: frame.payload.writerIndex - 3)
        let alsoBroken = frame
        #expect(throws: FerryError.self) { try AgentMessage(alsoBroken) }
    }

    @Test func repairOfMoreRegionsThanAllowedIsRefused() throws {
        let most = StagingMessage.mostRepairs
        var frame = try StrictMessageTests.payload {
            StagingMessage.repair(disk: 0, pass: 1, regions: Array(0..<UInt32(most))).write(to: &$0)
        }
        guard case .repair(_, _, let regions) = try StagingMessage(frame) else {
            return #expect(Bool(false), "not a repair")
        }
        #expect(regions.count == most)
        frame.payload.writeInteger(UInt32(0))
        let longer = frame
        #expect(throws: FerryError.self) { try StagingMessage(longer) }
    }
}
