internal import FerryCore
internal import FerryEvidence

extension ReportWriter {
    /// What was seen by who moved servers: before any explanation.
    var symptom: ReportDocument.Section? {
        var blocks: [ReportDocument.Block] = []
        let name = suspect ?? wording.suspect
        let failed = Impact.concerned(incident).filter { !$0.worked }
        if let began = impact.began, let last = impact.lastFailure {
            blocks.append(
                .paragraph(
                    Line(
                        wording.symptom(
                            failures: impact.failures,
                            of: impact.failures + impact.successes,
                            suspect: name,
                            first: wording.time(began, isExact: false),
                            last: wording.time(last, isExact: false)
                        )
                    )
                )
            )
            blocks.append(.paragraph(Line(wording.symptomOutcomes(Self.counted(failed.compactMap(\.outcome))))))
        }
        let own = scope.rows.filter { $0.destination == .suspect && $0.vantage == incident.site?.vantages.first?.name }
        if !own.isEmpty {
            let all = own.reduce(0) { $0 + $1.count }
            let worked = own.reduce(0) { $0 + $1.worked }
            blocks.append(.paragraph(Line(wording.symptomOfProbes(name, worked: worked, of: all))))
        }
        if blocks.isEmpty { blocks.append(.paragraph(Line(wording.noSymptom))) }
        if let text = incident.probes.first(where: { isSuspect($0.plan) && $0.text?.isEmpty == false })?.text {
            blocks.append(.paragraph(Line(wording.banner(name)) + Line.code(String(text.prefix(200)))))
        }
        return ReportDocument.Section(id: "symptom", title: wording.symptomTitle, blocks: blocks)
    }

    func isSuspect(_ plan: ProbePlan) -> Bool {
        incident.site?.suspect.isAt(plan.host, plan.port) ?? false
    }

    /// Each of the words with how often it is there, the most frequent first.
    static func counted(_ words: [String]) -> [(outcome: String, count: Int)] {
        Dictionary(grouping: words, by: \.self).map { ($0.key, $0.value.count) }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }
}
