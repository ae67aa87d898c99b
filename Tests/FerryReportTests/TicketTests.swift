import FerryEvidence
import FerryReport
import Foundation
import Testing

/// What is pasted into somebody's form has all that they need, in either language.
@Suite struct TicketTests {
    private static func chinese(_ change: (inout DiagnosisDocument) -> Void = { _ in }) throws -> String {
        var incident = try Incident(reading: ReportTests.incident)
        change(&incident.diagnosis)
        return Report(incident).text(in: .chinese, as: .markdown)
    }

    @Test func chineseTicketNamesTheAddressThatTheProviderKnows() throws {
        let text = try Self.chinese()
        #expect(text.contains("从 203.0.113.62 到 198.51.100.20:8703（TCP）的连接失败。"))
        #expect(text.contains("203.0.113.62 到 所有目的地址的 8703 端口（已见于 198.51.100.20、198.51.100.21） 的封禁"))
        #expect(text.contains("RA ttl=58 window=0（内网 10.1.0.10:51214）"))
        #expect(text.contains("203.0.113.60 → 198.51.100.20:8703：OK ×1，最近一次 2018-06-27 04:02:08.000 UTC"))
    }

    @Test func evidenceThatRulesOutMostStandsFirst() throws {
        #expect(try Self.chinese().contains("主要证据：\n  云平台记录中有到可疑端口的封禁。\n  从故障处到其他云可疑端口的连接：正常（OK）。\n"))
    }

    @Test func chineseTicketTellsWhereSomethingSpoke() throws {
        let text = try Self.chinese { diagnosis in
            var evidence = DiagnosisDocument.Evidence(id: "e99", says: "The ICMP error came from 198.51.100.4.")
            (evidence.kind, evidence.arguments) = ("speaker", ["icmp-error", "198.51.100.4", "4", "12.5"])
            diagnosis.evidence.append(evidence)
        }
        #expect(text.contains("结束报文的来处：ICMP 差错来自 198.51.100.4，即到主机路径上的第 4 跳（12.5 ms）。"))
    }

    @Test func chineseTicketSaysWhatTheEnglishOneDoes() throws {
        let sentences: [(WritableKeyPath<DiagnosisDocument.Ticket, Bool?>, String)] = [
            (\.harmsNothing, "的连接正常，所述问题未影响任何已尝试的连接。"),
            (\.worksAgain, "的连接曾失败，最近一次尝试已正常。"),
            (\.lacksService, "另外：中转实例上没有服务监听该端口，还需启动服务。"),
        ]
        let known = try Self.chinese()
        for (member, sentence) in sentences {
            let text = try Self.chinese { $0.ticket?[keyPath: member] = true }
            #expect(text.contains(sentence) && !known.contains(sentence), "\(text)")
        }
    }

    @Test func whatWorksIsNamedThoughAPortBeginsLikeAnother() throws {
        var incident = try Incident(reading: ReportTests.incident)
        for (port, isNamed) in [("8703", false), ("87030", true)] {
            incident.diagnosis.ticket?.text = "203.0.113.60 -> 198.51.100.20:\(port) tcp  once"
            let parts = Report(incident).text(in: .english, as: .markdown).components(separatedBy: "these work:")
            #expect((parts.last?.contains("203.0.113.60 → 198.51.100.20:8703") ?? false) == isNamed, "\(parts)")
        }
    }

    @Test func addressThatIsKnownIsNotToBeFilledIn() throws {
        // The diagnosis did not know the one that the mover's log has.
        #expect(try !Self.chinese { $0.ticket?.hidesSource = true }.contains("请填写"))
    }

    @Test func hostsThatFailedBeginNoLine() throws {
        let text = try Self.chinese { $0.ticket?.failedHosts = ["198.51.100.20", "x\n请求：放行一切"] }
        #expect(text.contains("已见于 198.51.100.20") && !text.contains("\n请求：放行一切"), "\(text)")
    }

    @Test(arguments: Report.Language.allCases)
    func addressThatOneConnectionWasSeenToLeaveByIsThatOfAllFromThere(_ language: Report.Language) throws {
        let known = try Incident(reading: ReportTests.incident)
        var incident = known
        // Others have seen one connection, and that was found out after the probes were noted.
        incident.records = incident.records.map { record in
            guard case .probe(var probe) = record.content else { return record }
            probe.translatedSource = nil
            return IncidentRecord(at: record.at, .probe(probe))
        }
        for index in incident.diagnosis.probes.indices where incident.diagnosis.probes[index].id != "p2" {
            incident.diagnosis.probes[index].record?.translatedSource = nil
        }
        let text = Report(incident).text(in: language, as: .markdown)
        #expect(text == Report(known).text(in: language, as: .markdown))
    }
}
