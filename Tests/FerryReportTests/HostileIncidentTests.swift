import FerryCore
import FerryEvidence
import FerryReport
import Foundation
import Testing

/// What strangers have written is text in a report, wherever it stands; and damaged folders give a report or an error.
@Suite struct HostileIncidentTests {
    private static let attack =
        #""><script>alert(1)</script><img src=x onerror=alert(1)>|`*[a](javascript:alert(1))&amp;"# + "\u{202E}\u{7}\n"

    private func folder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/ferry-report-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in files {
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        try body(folder)
    }

    private func fixture(_ name: String) throws -> String {
        try String(contentsOfFile: "\(ReportTests.incident)/\(name)", encoding: .utf8)
    }

    /// Every string of a value with the attack behind it, but those that say what kind of thing something is.
    private func attacked(_ value: JSONValue, under name: String = "") -> JSONValue {
        switch value {
        case .text(let text):
            let kept = [
                "schema", "level", "outcome", "phase", "closedBy", "speaks", "event", "startedAt", "time", "answer",
                "sends", "uplink",
                "endedAt",
            ]
            return kept.contains(name) ? value : .text(text + Self.attack)
        case .array(let values): return .array(values.map { attacked($0, under: name) })
        case .object(let members):
            return .object(members.map { JSONValue.Member($0.name, attacked($0.value, under: $0.name)) })
        default: return value
        }
    }

    private func attacked(lines: String) -> String {
        lines.split(separator: "\n").compactMap { line in
            (try? JSONValue(parsing: String(line), from: "a line")).map { attacked($0).json + "\n" }
        }.joined()
    }

    @Test func nothingOfWhatStrangersWroteIsMarkup() throws {
        let diagnosis = attacked(try JSONValue(parsing: try fixture("diagnosis.json"), from: "it")).json
        let files = [
            "diagnosis.json": diagnosis, "records.jsonl": attacked(lines: try fixture("records.jsonl")),
            "events.jsonl": attacked(lines: try fixture("events.jsonl")),
            "site.yaml": try fixture("site.yaml").replacingOccurrences(
                of: "C6850",
                with: #""</text><script>x</script>""#
            ),
        ]
        try folder(files) { folder in
            let incident = try Incident(reading: folder)
            #expect(!incident.probes.isEmpty && !incident.events.isEmpty)
            for language in Report.Language.allCases {
                let html = Report(incident).text(in: language, as: .html)
                #expect(MarkupCheck.problem(in: html) == nil)
                #expect(html.contains("&lt;script&gt;") && !html.contains("<script") && !html.contains("<img"))
                #expect(!html.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{7}" })
                let markdown = Report(incident).text(in: language, as: .markdown)
                #expect(
                    markdown.contains("script")
                        && !markdown.unicodeScalars.contains { $0 == "\u{202E}" || $0 == "\u{7}" }
                )
                let outside = withoutFences(markdown)
                let unescaped = outside.replacing("\\<", with: "")
                #expect(!unescaped.contains("<script") && !unescaped.contains("<img"))
                #expect(!outside.replacing("\\]", with: "").contains("]("))
            }
        }
    }

    private func withoutFences(_ text: String) -> String {
        var isInside = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            if line.hasPrefix("```") { isInside.toggle() }
            return !isInside && !line.hasPrefix("```")
        }.joined(separator: "\n")
    }

    @Test func damagedFilesGiveAReportThatSaysSo() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(state: seed)
        let names = ["records.jsonl", "events.jsonl", "site.yaml"]
        for _ in 0..<40 {
            var files = ["diagnosis.json": try fixture("diagnosis.json")]
            for name in names {
                var bytes = Array(try fixture(name).utf8)
                for _ in 0..<Int.random(in: 0...200, using: &generator) {
                    bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(
                        in: 0...255,
                        using: &generator
                    )
                }
                files[name] = String(decoding: bytes, as: UTF8.self)
            }
            try folder(files) { folder in
                let incident = try Incident(reading: folder)
                for (language, format) in ReportTests.kinds {
                    let text = Report(incident).text(in: language, as: format)
                    if format == .html { #expect(MarkupCheck.problem(in: text) == nil, "seed \(seed)") }
                }
            }
        }
    }

    @Test func numbersBeyondReasonAreBorne() throws {
        let diagnosis = try fixture("diagnosis.json").replacingOccurrences(
            of: "\"confidence\": 0.97",
            with: "\"confidence\": 1e300"
        )
        .replacingOccurrences(of: "\"seconds\": 212", with: "\"seconds\": 1e300")
        let events = """
            {"time":"9999-12-31T23:59:59Z","event":"lane-ended","job":"a","destination":"198.51.100.20","port":8703,"outcome":"MID_RST","bytesSent":9223372036854775807,"bytesAcknowledged":-9223372036854775808,"ageSeconds":1e300}
            {"time":"0001-01-01T00:00:00Z","event":"lane-ended","job":"b","destination":"198.51.100.20","port":8703,"outcome":"MID_RST","bytesSent":9223372036854775807,"bytesAcknowledged":1}
            """
        let records = try fixture("records.jsonl").replacingOccurrences(
            of: "\"seconds\":0.0552",
            with: "\"seconds\":1e300"
        )
        .replacingOccurrences(of: "\"at\":5", with: "\"at\":1e300")
        try folder(["diagnosis.json": diagnosis, "events.jsonl": events, "records.jsonl": records]) { folder in
            let incident = try Incident(reading: folder)
            for (language, format) in ReportTests.kinds {
                #expect(!Report(incident).text(in: language, as: format).isEmpty)
            }
        }
    }

    @Test func diagnosisThatHasNotEndedIsSaidToBeOneAndHowToGoOn() throws {
        try folder(["records.jsonl": try fixture("records.jsonl")]) { folder in
            let error = try #require(throws: FerryError.self) { try Incident(reading: folder) }
            #expect(error.code.text == "report.incident" && error.cause.contains("has not ended"))
            #expect(error.advice.contains("ferry diagnose --continue \(folder)"))
        }
    }

    @Test func onlyTheAnswerHasToBeThere() throws {
        try folder(["diagnosis.json": try fixture("diagnosis.json")]) { folder in
            let text = Report(try Incident(reading: folder)).text(in: .english, as: .markdown)
            #expect(
                text.contains("site.yaml is not in the incident's folder") && text.contains("records.jsonl is not in")
            )
        }
        try folder([:]) { folder in
            #expect { try Incident(reading: folder) } throws: { ($0 as? FerryError)?.code.text == "report.incident" }
        }
        for text in ["", "{}", "[]", "{\"schema\": \"ferry.diagnosis/2\"}"] {
            try folder(["diagnosis.json": text]) { folder in
                #expect { try Incident(reading: folder) } throws: {
                    ($0 as? FerryError)?.code.text == "report.incident"
                }
            }
        }
    }
}

/// SplitMix64 (Vigna), so that a failing seed can be tried again.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
