internal import FerryCore
internal import FerryEvidence

/// Puts a report together, section by section.
struct ReportWriter {
    let incident: Incident
    let wording: any Wording
    let impact: Impact
    let scope: Scope
    let leaving: LeavingAddresses

    init(_ incident: Incident, _ wording: any Wording) {
        self.incident = incident
        self.wording = wording
        impact = Impact(incident)
        scope = Scope(incident)
        leaving = LeavingAddresses(incident.probes)
    }

    var verdict: DiagnosisDocument.Verdict { incident.diagnosis.verdict }
    /// Whether something is wrong, as far as is known.
    var isFault: Bool { verdict.causes != ["none"] }

    /// The suspect as `HOST:PORT`.
    var suspect: String? { incident.site?.suspect.place }

    /// Causes in words, the first of them and how many more.
    func causes(_ words: [String], most: Int = 8) -> String {
        let first = words.prefix(most).map { wording.word($0, .cause) }
        return (first + (words.count > most ? [wording.more(words.count - most)] : [])).joined(
            separator: wording.semicolon
        )
    }

    /// A moment that a file tells; as it stands there if it is none.
    func time(_ text: String, isExact: Bool = false) -> String {
        UTCTime(parsing: text).map { wording.time($0, isExact: isExact) } ?? text
    }

    var document: ReportDocument {
        ReportDocument(
            language: wording.tag,
            title: wording.title(suspect, isFault: isFault),
            facts: head,
            lead: lead,
            sections: [
                symptom, scopeSection, timeline, topology, evidence, ruledOut, conclusion, trigger, impactSection,
                remedy, ticket,
            ].compactMap(\.self) + [files].compactMap(\.self),
            footer: wording.footer(incident.diagnosis.schema),
            contents: wording.contents,
            colon: wording.colon
        )
    }

    private var head: [(label: String, value: Line)] {
        var facts: [(label: String, value: Line)] = []
        if incident.diagnosis.interrupted == true {
            facts.append((wording.interrupted, .strong(wording.interruptedAdvice)))
        }
        if let began = incident.diagnosis.startedAt, let ended = incident.diagnosis.endedAt {
            facts.append((wording.diagnosed, Line(wording.fromTo(time(began), time(ended)))))
        }
        facts.append((wording.tier, Line(wording.tier(incident.diagnosis.tier))))
        if let cost = incident.diagnosis.cost { facts.append((wording.cost, Line(wording.cost(cost)))) }
        return facts
    }

    private var lead: ReportDocument.Lead {
        var facts: [(label: String, value: Line)] = []
        if !verdict.loci.isEmpty { facts.append((wording.locus, Line(places(verdict.loci)))) }
        if isUndecided {
            facts += undecidedBrief
        } else {
            facts.append((wording.remedy, Line(wording.word(verdict.remedy, .remedy))))
            if let owner = verdict.remedyOwner { facts.append((wording.owner, Line(wording.word(owner, .owner)))) }
        }
        facts.append((isUndecided ? wording.together : wording.confidence, Line(Self.percent(verdict.confidence))))
        return ReportDocument.Lead(
            isFault: isFault,
            level: wording.level(verdict.level),
            sentence: Line(
                wording.answer(
                    causes: verdict.causes.map { wording.word($0, .cause) },
                    places: verdict.loci.map(place),
                    verdict
                )
            ),
            facts: facts
        )
    }

    func place(_ locus: String) -> String { Site.Position(rawValue: locus).map(wording.place) ?? locus }
    func places(_ loci: [String]) -> String { wording.list(loci.map(place)) }

    /// With as many digits as tell it from what is certain.
    static func percent(_ share: Double) -> String {
        let share = min(1, max(0, share.isFinite ? share : 0))
        let tenths = Int((share * 1000).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }

    /// What could not be used of the folder.
    private var files: ReportDocument.Section? {
        var lines = incident.unreadable.map { Line(wording.unreadable($0.file, $0.lines)) }
        lines += incident.missing.map { Line(wording.missing($0)) }
        if !incident.captures.isEmpty { lines.append(Line(wording.capturesLie(incident.captures))) }
        guard !lines.isEmpty else { return nil }
        return ReportDocument.Section(id: "files", title: wording.filesTitle, blocks: [.list(lines)])
    }
}
