import FerryCore
import FerryEvidence
import FerryReport
import Foundation
import Testing

/// The report of an incident like the case: the cloud's edge resets whatever comes from one source address to one port.
@Suite struct ReportTests {
    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    static let incident = fixtures.appendingPathComponent("blocked-at-the-edge").path
    static let kinds = Report.Language.allCases.flatMap { language in Report.Format.allCases.map { (language, $0) } }

    static func text(_ language: Report.Language, _ format: Report.Format) throws -> String {
        Report(try Incident(reading: incident)).text(in: language, as: format)
    }

    /// What it looked like when somebody looked at it in a browser. FERRY_WRITE_GOLDENS=1 writes them anew, to be looked at again.
    @Test(arguments: kinds) func reportIsAsItWasLookedAt(_ language: Report.Language, _ format: Report.Format) throws {
        let golden = ReportTests.fixtures.appendingPathComponent(
            "blocked-at-the-edge.\(language.rawValue).\(format.rawValue)"
        )
        let text = try ReportTests.text(language, format)
        if ProcessInfo.processInfo.environment["FERRY_WRITE_GOLDENS"] != nil {
            try text.write(to: golden, atomically: true, encoding: .utf8)
        }
        let known = try String(contentsOf: golden, encoding: .utf8)
        let lines = zip(text.split(separator: "\n"), known.split(separator: "\n"))
        let first = lines.first { $0 != $1 }
        #expect(text == known, "first difference: \(first?.0 ?? "") instead of \(first?.1 ?? "")")
    }

    @Test(arguments: Report.Language.allCases) func htmlIsWellFormedAndFetchesNothing(_ language: Report.Language)
        throws
    {
        let text = try ReportTests.text(language, .html)
        #expect(MarkupCheck.problem(in: text) == nil)
        for word in ["<script", "<link", "<img", "<iframe", "@import", "url(", "href=\"http", "src="] {
            #expect(!text.contains(word), "\(word)")
        }
        // The only address is the name of SVG's vocabulary, which nobody fetches.
        #expect(!text.replacing("http://www.w3.org/2000/svg", with: "").contains("://"))
    }

    @Test func chineseIsChineseThroughout() throws {
        let text = try ReportTests.text(.chinese, .markdown)
        // Whole sentences in English are what a person noted; everything else is said in Chinese.
        let english = text.split(separator: "\n").filter {
            $0.contains(" the ") || $0.contains(" was ") || $0.contains(" is ")
        }
        #expect(english.isEmpty, "\(english)")
        for section in ["故障现象", "影响范围", "时间线", "网络拓扑", "证据", "已排除的原因", "结论", "触发条件", "业务影响", "处置措施", "工单文本"] {
            #expect(text.contains("\n## \(section)\n"), "\(section)")
        }
    }

    @Test func impactIsCountedFromTheMoversLog() throws {
        let text = try ReportTests.text(.english, .markdown)
        #expect(text.contains("12 of 14 source servers with connections in the log had failures"))
        #expect(text.contains("96 of 98 failed"))
        #expect(text.contains("13 h 53 min: from 2018-06-26 14:09:40 UTC, and not over when the diagnosis ended"))
    }

    @Test func ticketHasBothEndsAndTimes() throws {
        for language in Report.Language.allCases {
            let text = try ReportTests.text(language, .markdown)
            #expect(
                text.contains("2018-06-27 04:00:05.000 UTC  TCP 203.0.113.62:51214 → 198.51.100.20:8703  CONNECT_RST")
            )
        }
    }

    @Test func captionTellsOfTheDrawingThatItStandsUnder() throws {
        for (language, words) in [
            (Report.Language.english, ["in red", "an arrow", "dashed"]),
            (Report.Language.chinese, ["红色。", "箭头", "虚线"]),
        ] {
            let markdown = try ReportTests.text(language, .markdown)
            let html = try ReportTests.text(language, .html)
            #expect(markdown.contains("XX") && markdown.contains("(o)") && markdown.contains("FAIL"))
            for word in words { #expect(html.contains(word) && !markdown.contains(word), "\(word)") }
        }
    }

    @Test func theSameIncidentGivesTheSameReport() throws {
        for (language, format) in ReportTests.kinds {
            #expect(try ReportTests.text(language, format) == ReportTests.text(language, format))
        }
    }
}
