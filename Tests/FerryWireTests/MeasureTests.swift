import FerryCore
import FerryWire
import NIOCore
import Testing

@Suite struct MeasureTests {
    private static func frame(_ write: (inout ByteBuffer) -> Void) throws -> Frame {
        var buffer = ByteBuffer()
        write(&buffer)
        var decoder = FrameDecoder()
        decoder.append(&buffer)
        return try #require(try decoder.next())
    }

    @Test func questionIsReadAsWritten() throws {
        let measure = Measure(
            token: 77,
            job: "web01",
            filler: ByteBuffer(bytes: (0..<Measure.longestFiller).map { UInt8($0 & 255) })
        )
        guard
            case .measure(let read) = try AgentMessage(
                MeasureTests.frame { AgentMessage.measure(measure).write(to: &$0) }
            )
        else { return #expect(Bool(false), "not a measurement") }
        #expect(read == measure)
    }

    @Test func answerIsReadAsWritten() throws {
        let measured = Measured(
            version: 1,
            release: "1.2",
            clock: UTCTime(microseconds: 99),
            observedAddress: "192.0.2.1:5",
            token: 77,
            bytes: 1 << 40,
            microseconds: 3,
            owner: .anotherAgent
        )
        guard
            case .measured(let read) = try StagingMessage(
                MeasureTests.frame { StagingMessage.measured(measured).write(to: &$0) }
            )
        else { return #expect(Bool(false), "not an answer") }
        #expect(read == measured)
    }

    @Test func fillerLongerThanAllowedIsRefused() throws {
        let filler = ByteBuffer(repeating: 0, count: Measure.longestFiller + 1)
        #expect(throws: FerryError.self) {
            try AgentMessage(
                MeasureTests.frame { AgentMessage.measure(Measure(token: 1, filler: filler)).write(to: &$0) }
            )
        }
    }

    @Test func questionFromTheFutureIsRefusedWithBothVersions() throws {
        var measure = Measure(token: 1)
        measure.oldestVersion = 40
        measure.newestVersion = 41
        let error = #expect(throws: FerryError.self) {
            try AgentMessage(MeasureTests.frame { AgentMessage.measure(measure).write(to: &$0) })
        }
        #expect(error?.code == .wireVersion)
        #expect(error?.cause.contains("40 to 41") == true)
    }

    @Test func unknownKindOfOwnerIsRefused() throws {
        let measured = Measured(
            version: 1,
            release: "",
            clock: UTCTime(microseconds: 0),
            observedAddress: "",
            token: 0,
            bytes: 0,
            microseconds: 0,
            owner: .nobody
        )
        var frame = try MeasureTests.frame { StagingMessage.measured(measured).write(to: &$0) }
        frame.payload.setInteger(UInt8(9), at: frame.payload.writerIndex - 1)
        let broken = frame
        #expect(throws: FerryError.self) { try StagingMessage(broken) }
    }
}
