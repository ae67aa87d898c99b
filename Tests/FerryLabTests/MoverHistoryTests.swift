import FerryCore
import Testing

@testable import FerryLab

@Suite struct MoverHistoryTests {
    private func history(_ outcome: PlainOutcome) throws -> [Substring] {
        let address = try #require(IPv4Address("203.0.113.11"))
        let probe = PlainProbe(node: "source1", address: address, port: 8703, opening: .nothing, bytes: 1000)
        let result = PlainProbe.Result(
            outcome: outcome,
            connectTime: .milliseconds(30),
            time: .milliseconds(530),
            source: "10.10.1.1:40001",
            acknowledged: 601
        )
        var history = MoverHistory()
        history.note(probe, result, now: UTCTime(microseconds: 1_500_000))
        return history.text.split(separator: "\n")
    }

    @Test func connectionThatMovedContentHasABeginningAndAnEnd() throws {
        let lines = try history(.midReset)
        try #require(lines.count == 2)
        #expect(lines[0].contains("\"time\":\"1970-01-01T00:00:01.000000Z\",\"event\":\"lane-started\""))
        #expect(
            lines[0].contains("\"endpoint\":\"203.0.113.11:8703\",\"source\":\"10.10.1.1:40001\",\"openSeconds\":0.03")
        )
        for piece in [
            "\"event\":\"lane-ended\"", "\"destination\":\"203.0.113.11\",\"port\":8703", "\"phase\":\"transfer\"",
            "\"outcome\":\"MID_RST\"", "\"errno\":104", "\"bytesAcknowledged\":601", "\"ageSeconds\":0.53",
            "\"closedBy\":\"peer\"",
        ] {
            #expect(lines[1].contains(piece), "\(piece)\n\(lines[1])")
        }
    }

    @Test func refusalHasTheWordOfTheEventLogAndNoBeginning() throws {
        let lines = try history(.refused)
        try #require(lines.count == 1)
        #expect(lines[0].contains("\"outcome\":\"REFUSED_FULL\"") && lines[0].contains("\"phase\":\"connect\""))
        #expect(!lines[0].contains("bytesAcknowledged"))
    }
}
