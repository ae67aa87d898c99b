import FerryCore
import FerryEvidence
import FerryReport
import Testing

@Suite struct InterruptedReportTests {
    @Test(arguments: [
        (Report.Language.english, "--continue"), (Report.Language.chinese, "诊断在得出可靠结论之前被中断"),
    ])
    func interruptedDiagnosisIsToldInTheHead(_ language: Report.Language, _ words: String) throws {
        var incident = try Incident(reading: ReportTests.incident)
        #expect(!Report(incident).text(in: language, as: .markdown).contains(words))
        incident.diagnosis.interrupted = true
        for format in Report.Format.allCases {
            #expect(Report(incident).text(in: language, as: format).contains(words))
        }
    }

    @Test func interruptionIsKeptInTheAnswersFile() throws {
        var diagnosis = try Incident(reading: ReportTests.incident).diagnosis
        #expect(diagnosis.interrupted == nil && !JSONValue(encoding: diagnosis).json.contains("\"interrupted\""))
        diagnosis.interrupted = true
        let kept = try JSONValue(encoding: diagnosis).decoded(as: DiagnosisDocument.self, from: "it")
        #expect(kept.interrupted == true)
    }
}
