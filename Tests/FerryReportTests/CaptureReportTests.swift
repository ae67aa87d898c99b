import FerryReport
import Foundation
import Glibc
import Testing

/// What a report shows of captures, and what it does with files that are none.
@Suite struct CaptureReportTests {
    private static let capture = "\(ReportTests.incident)/natural.pcap"

    private func folder(_ files: [String: [UInt8]], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/ferry-capture-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for name in ["diagnosis.json", "site.yaml", "records.jsonl"] {
            try FileManager.default.copyItem(atPath: "\(ReportTests.incident)/\(name)", toPath: "\(folder)/\(name)")
        }
        for (name, bytes) in files { try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        try body(folder)
    }

    private func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: Self.capture))) }

    @Test func troubledConnectionsToTheSuspectAreShownAndNoOthers() throws {
        let english = try ReportTests.text(.english, .markdown)
        #expect(
            english.contains("50 packets of 3 connections, 2 of them to the suspect; something to look at in 2.")
        )
        #expect(english.contains("Its RST was likely not sent by the server but by something on the way"))
        #expect(english.contains("`10.1.0.10:51300 → 198.51.100.20:8703`"))
        #expect(!english.contains("`10.1.0.10:51221 → 198.51.100.20:8080`: from"))
        // The packet that ends it, whose time to live is nobody's else.
        #expect(english.contains("| 49 | 04:00:07.244000 | ← | **RST** | 1 | 0 | **57** | 0 |"))
        #expect(english.contains("`retransmission`") || english.contains("`fastRetransmission`"))
        let chinese = try ReportTests.text(.chinese, .markdown)
        #expect(chinese.contains("结束报文很可能不是由应答方发出，而是路径上的设备伪造"))
        let html = try ReportTests.text(.english, .html)
        #expect(html.contains("class=\"again-line\"") && html.contains("class=\"data-line\""))
    }

    @Test func filesThatAreNoCapturesAreToldAndNotWaitedFor() throws {
        let whole = try bytes()
        let files: [String: [UInt8]] = [
            "a-empty.pcap": [], "b-text.pcap": Array("not a capture, only some words of somebody".utf8),
            "c-cut.pcap": Array(whole.dropLast(7)), "d-packed.pcap": [0x1F, 0x8B] + [UInt8](repeating: 7, count: 40),
            "e-<script>.pcapng": whole,
        ]
        try folder(files) { folder in
            try FileManager.default.createDirectory(atPath: "\(folder)/f.pcap", withIntermediateDirectories: false)
            // Whoever opens it waits until somebody writes to it.
            #expect(mkfifo("\(folder)/g.pcap", 0o600) == 0)
            let incident = try Incident(reading: folder)
            let text = Report(incident).text(in: .english, as: .markdown)
            #expect(text.contains("`a-empty.pcap`: It begins like no capture"), "\(text)")
            #expect(text.contains("`b-text.pcap`: It begins like no capture"))
            #expect(text.contains("It ends inside a packet; what comes before was read."))
            #expect(text.contains("`d-packed.pcap`: It is compressed, as by gzip"))
            #expect(text.contains("`f.pcap`: It is no file") && text.contains("`g.pcap`: It is no file"))
            for language in Report.Language.allCases {
                let html = Report(incident).text(in: language, as: .html)
                #expect(MarkupCheck.problem(in: html) == nil && !html.contains("<script>"))
            }
        }
    }

    @Test func damagedCapturesGiveAReport() throws {
        let whole = try bytes()
        for round in 0..<60 {
            var damaged = whole
            for _ in 0..<(1 + round) {
                damaged[Int.random(in: 24..<damaged.count)] = UInt8.random(in: 0...255)
            }
            try folder(["x.pcap": damaged]) { folder in
                let incident = try Incident(reading: folder)
                let problem = MarkupCheck.problem(in: Report(incident).text(in: .chinese, as: .html))
                #expect(problem == nil, "\(damaged)")
                #expect(!Report(incident).text(in: .english, as: .markdown).isEmpty)
            }
        }
    }
}
