import FerryCore
import FerryImage
import FerryWire
import NIOCore
import Testing

@Suite struct MessageTests {
    private static func frame(_ write: (inout ByteBuffer) -> Void) throws -> Frame {
        var buffer = ByteBuffer()
        write(&buffer)
        var decoder = FrameDecoder()
        decoder.append(&buffer)
        return try #require(try decoder.next())
    }

    @Test func helloIsReadAsWritten() throws {
        let hello = Hello(
            job: "web01",
            epoch: 7,
            lane: 3,
            liveLanes: [1, 3],
            release: "1.2",
            clock: UTCTime(microseconds: 99)
        )
        guard case .hello(let read) = try AgentMessage(MessageTests.frame { AgentMessage.hello(hello).write(to: &$0) })
        else { return #expect(Bool(false), "not a hello") }
        #expect(read == hello)
    }

    @Test func helloFromTheFutureIsRefusedWithBothVersions() throws {
        var hello = Hello(
            job: "web01",
            epoch: 7,
            lane: 3,
            liveLanes: [1, 3],
            release: "9",
            clock: UTCTime(microseconds: 99)
        )
        hello.oldestVersion = 40
        hello.newestVersion = 41
        let error = #expect(throws: FerryError.self) {
            try AgentMessage(MessageTests.frame { AgentMessage.hello(hello).write(to: &$0) })
        }
        #expect(error?.code == .wireVersion)
        #expect(error?.cause.contains("40 to 41") == true)
    }

    @Test func offerIsReadAsWritten() throws {
        var changed = BlockSet()
        changed.insert(contentsOf: 21..<25)
        changed.insert(29)
        let digest = [UInt8](repeating: 5, count: 32).withUnsafeBytes { Digest(bytes: $0) }
        let region = OfferedRegion(
            index: 77,
            leaf: digest,
            runs: [
                RegionRun(.keep, start: 0, blocks: 20), RegionRun(.patch, start: 20, blocks: 10, digest: digest),
                RegionRun(.chunk, start: 30, blocks: 200, digest: digest), RegionRun(.zero, start: 230, blocks: 26),
            ],
            changed: changed
        )
        let offer = Offer(
            batch: 5,
            disk: 1,
            isRepair: true,
            regions: [region],
            emptyRanges: [EmptyRange(first: 9, count: 4000, kind: .unused)]
        )
        guard case .offer(let read) = try AgentMessage(MessageTests.frame { AgentMessage.offer(offer).write(to: &$0) })
        else { return #expect(Bool(false), "not an offer") }
        #expect(read.batch == 5 && read.disk == 1 && read.isRepair)
        #expect(read.emptyRanges == offer.emptyRanges)
        let got = try #require(read.regions.first)
        #expect(got.index == 77 && got.leaf == digest)
        #expect(got.changed == changed)
        #expect(got.runs.map(\.kind) == [.keep, .patch, .chunk, .zero])
        #expect(got.runs.map(\.start) == [0, 20, 30, 230])
        #expect(got.runs.map(\.blocks) == [20, 10, 200, 26])
    }

    @Test func answersAreReadAsWritten() throws {
        let needed = (0..<1000).map { $0 % 3 == 0 }
        let need = Need(batch: 9, outOfStep: [4, 5], needed: needed)
        guard case .need(let read) = try StagingMessage(MessageTests.frame { StagingMessage.need(need).write(to: &$0) })
        else { return #expect(Bool(false), "not an answer") }
        #expect(read == need)
        guard
            case .repair(let disk, let pass, let regions) = try StagingMessage(
                MessageTests.frame { StagingMessage.repair(disk: 2, pass: 3, regions: [1, 2, 9]).write(to: &$0) }
            )
        else { return #expect(Bool(false), "not a repair") }
        #expect(disk == 2 && pass == 3 && regions == [1, 2, 9])
    }

    @Test func messageThatIsCutShortOrTooLongIsRefused() throws {
        var whole = try MessageTests.frame {
            AgentMessage.openDisk(
                OpenDisk(disk: 0, name: "sda", identity: "x", size: .mebibytes(1), cutRule: 1)
            ).write(to: &$0)
        }
        for length in 0..<whole.payload.readableBytes {
            let part = try #require(whole.payload.getSlice(at: whole.payload.readerIndex, length: length))
            #expect(throws: FerryError.self) { try AgentMessage(Frame(type: whole.type, payload: part)) }
        }
        whole.payload.writeInteger(UInt8(0))
        #expect(throws: FerryError.self) { try AgentMessage(whole) }
    }
}
