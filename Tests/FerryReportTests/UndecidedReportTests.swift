import FerryEvidence
import FerryReport
import Testing

/// Of causes that cannot be told apart nothing is told as a fact that holds for one of them only.
@Suite struct UndecidedReportTests {
    /// As of a diagnosis that found all well, though what it may be shows not always.
    private static func incident() throws -> Incident {
        var incident = try Incident(reading: ReportTests.incident)
        let causes = ["none", "idle-timeout", "load-balancer"]
        incident.diagnosis.verdict = DiagnosisDocument.Verdict(
            level: .indistinguishable,
            causes: causes,
            loci: ["application", "source-egress", "cloud-network"],
            mechanism: "none",
            selector: [],
            trigger: "standing",
            memory: DiagnosisDocument.Memory(kind: "none"),
            remedy: "none",
            remedyOwner: "nobody",
            confidence: 0.809
        )
        var set = DiagnosisDocument.IndistinguishableSet(
            causes: causes,
            separatedBy: "a capture on the staging server"
        )
        set.probabilities = [0.579, 0.171, 0.059]
        set.remedies = ["none", "send-keepalives", "fix-load-balancer"]
        incident.diagnosis.indistinguishable = [set]
        incident.diagnosis.alternatives = [
            DiagnosisDocument.Alternative(causes: ["load-balancer"], remedy: "send-keepalives", probability: 0.062),
            DiagnosisDocument.Alternative(causes: ["byte-quota"], remedy: "tune-service", probability: 0.021),
        ]
        incident.diagnosis.ticket = nil
        return incident
    }

    @Test func everyCauseStandsWithItsProbabilityAndItsRemedy() throws {
        let english = Report(try Self.incident()).text(in: .english, as: .markdown)
        #expect(english.contains("> - a firewall or NAT forgets idle connections: 17.1 %; send keep-alives\n"))
        #expect(english.contains("> - Told apart by: a capture on the staging server\n"))
        #expect(english.contains("> - All of these together: 80.9 %\n"))
        let row = "| a load balancer sends some of it nowhere | 5.9 % | correct the load balancer | `load-balancer` |"
        #expect(english.contains(row))
        let chinese = Report(try Self.incident()).text(in: .chinese, as: .markdown)
        #expect(chinese.contains("> - 防火墙或 NAT 对空闲连接超时：17.1 %；发送保活报文\n"))
        #expect(chinese.contains("> - 区分办法：在中转实例上抓包\n") && chinese.contains("> - 以上合计：80.9 %\n"))
    }

    @Test func nothingOfTheFirstCauseIsToldAsAFact() throws {
        let english = Report(try Self.incident()).text(in: .english, as: .markdown)
        for word in ["To be done by", "**Mechanism**", "**Memory**", "**Selector**", "## Trigger", "## Ticket"] {
            #expect(!english.contains(word), "\(word)")
        }
        #expect(english.contains("fault perhaps here") && !english.contains("fault here"))
        let chinese = Report(try Self.incident()).text(in: .chinese, as: .markdown)
        for word in ["负责方", "**作用方式**", "**持续方式**", "**匹配条件**", "## 触发条件", "## 工单文本", "故障在此"] {
            #expect(!chinese.contains(word), "\(word)")
        }
    }

    @Test func causeOfTheSetIsNoAlternativeToIt() throws {
        let english = Report(try Self.incident()).text(in: .english, as: .markdown)
        #expect(english.contains("| a limit on bytes | 2.1 % | tune the service |") && !english.contains("| 6.2 % |"))
    }

    @Test func verdictWithoutItsSetGivesItsCauses() throws {
        var incident = try Self.incident()
        incident.diagnosis.indistinguishable = []
        for (language, format) in ReportTests.kinds {
            let text = Report(incident).text(in: language, as: format)
            #expect(text.contains("load-balancer"))
            if format == .html { #expect(MarkupCheck.problem(in: text) == nil) }
        }
    }

    @Test func ticketOfSeveralCausesAsksWhichOneItIs() throws {
        var incident = try Self.incident()
        incident.diagnosis.ticket = DiagnosisDocument.Ticket(to: "staging-owner", text: "It fails.")
        let chinese = Report(incident).text(in: .chinese, as: .markdown)
        #expect(chinese.contains("判断：以下原因之一，在此处无法区分（合计 80.9 %）："))
        #expect(chinese.contains("\n  17.1 %  防火墙或 NAT 对空闲连接超时：发送保活报文\n"))
        #expect(chinese.contains("区分办法：在中转实例上抓包\n请求：请根据贵方该时段的记录和计数，查明是其中哪一个原因。"))
    }
}
