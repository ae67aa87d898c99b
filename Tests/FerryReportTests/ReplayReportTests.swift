import FerryEvidence
import FerryReport
import Foundation
import Testing

/// The report of a replay: its own answer, and all that was measured beside it.
@Suite struct ReplayReportTests {
    @Test(arguments: ["", "/records.jsonl"])
    func answerOfAReplayIsReportedWithAllThatWasMeasured(_ name: String) throws {
        let known = try Incident(reading: ReportTests.incident)
        let replayed = try Incident(known.diagnosis, recordedIn: ReportTests.incident + name)
        for (language, format) in ReportTests.kinds {
            #expect(
                Report(replayed).text(in: language, as: format) == Report(known).text(in: language, as: format)
            )
        }
    }

    @Test func answerOfAReplayStandsInThePlaceOfTheOneThatWasGiven() throws {
        var diagnosis = try Incident(reading: ReportTests.incident).diagnosis
        diagnosis.verdict.confidence = 0.123
        let text = Report(try Incident(diagnosis, recordedIn: ReportTests.incident)).text(in: .chinese, as: .markdown)
        #expect(text.contains("12.3 %") && !text.contains("没有失败连接的记录"))
    }

    @Test func recordsOfAnotherNameAreReadAlone() throws {
        let path = FileManager.default.temporaryDirectory.path + "/ferry-replay-\(UInt64.random(in: 0 ... .max)).jsonl"
        try FileManager.default.copyItem(atPath: "\(ReportTests.incident)/records.jsonl", toPath: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let known = try Incident(reading: ReportTests.incident)
        let incident = try Incident(known.diagnosis, recordedIn: path)
        #expect(incident.probes.count == known.probes.count && incident.captures.isEmpty && incident.missing.isEmpty)
    }
}
