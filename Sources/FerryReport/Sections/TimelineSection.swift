internal import FerryCore
internal import FerryEvidence

extension ReportWriter {
    /// What happened, by the mover's log, the provider's records and the diagnosis itself.
    var timeline: ReportDocument.Section? {
        var moments: [(time: UTCTime, what: Line)] = []
        let events = Impact.concerned(incident)
        if let first = events.first(where: \.worked) { moments.append((first.time, Line(wording.firstSuccess))) }
        if let first = events.first(where: { !$0.worked }) {
            moments.append((first.time, Line(wording.firstFailure(first.server, first.outcome ?? ""))))
        }
        if let last = events.last(where: { !$0.worked }), impact.failures > 1 {
            moments.append((last.time, Line(wording.lastFailure(last.server, last.outcome ?? ""))))
        }
        if let recovered = impact.recovered, let event = events.first(where: { $0.worked && $0.time == recovered }) {
            moments.append((recovered, Line(wording.recovered(event.server))))
        }
        if let began = incident.diagnosis.startedAt.flatMap({ UTCTime(parsing: $0) }) {
            moments.append((began, Line(wording.diagnosisBegan)))
        }
        for probe in incident.probes where probe.vantageProblem == nil {
            guard let time = UTCTime(parsing: probe.startedAt) else { continue }
            moments.append((time, Line(wording.probeMade(probe.plan.id, way(of: probe), probe.outcome.rawValue))))
        }
        for notice in providerNotices { moments.append((notice.time, Line(notice.long))) }
        for record in incident.records {
            if case .note(let note) = record.content, let time = record.at, let line = wording.free(note) {
                moments.append((time, line))
            }
        }
        if let ended = incident.diagnosis.endedAt.flatMap({ UTCTime(parsing: $0) }) {
            moments.append((ended, Line(wording.diagnosisEnded)))
        }
        guard !moments.isEmpty else { return nil }
        let sorted = moments.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        let rows = sorted.map {
            ReportDocument.Row([Line(wording.time($0.element.time, isExact: true)), $0.element.what])
        }
        var blocks: [ReportDocument.Block] = []
        let notices = providerNotices.filter { !$0.short.isEmpty }.map {
            OutcomeTimeline.Notice(time: $0.time, text: $0.short)
        }
        if let figure = OutcomeTimeline(incident, notices: notices, wording).figure(caption: wording.timelineCaption) {
            blocks.append(.figure(figure))
        }
        blocks.append(.table(head: [wording.when, wording.what], rows: rows))
        return ReportDocument.Section(id: "timeline", title: wording.timelineTitle, blocks: blocks)
    }

    /// `source (203.0.113.62) → 198.51.100.20:8703`.
    func way(of probe: ProbeRecord) -> String {
        let row = scope.rows.first { $0.vantage == probe.plan.vantage && $0.host == probe.plan.host }
        let source =
            probe.plan.sourceAddress ?? probe.translatedSource.map { LaneEvent.parts(of: $0).host } ?? row?.source
        let from = source.map { wording.called(probe.plan.vantage, $0) } ?? probe.plan.vantage
        return "\(from) → \(Place.text(probe.plan.host, probe.plan.port))"
    }

    /// What the provider's records say that has a time.
    private var providerNotices: [(time: UTCTime, short: String, long: String)] {
        var notices: [(time: UTCTime, short: String, long: String)] = []
        func add(_ text: String?, _ short: String, _ long: String) {
            guard let time = text.flatMap({ UTCTime(parsing: $0) }), !notices.contains(where: { $0.long == long })
            else { return }
            notices.append((time, short, long))
        }
        for record in incident.records {
            guard case .records(let value) = record.content else { continue }
            for block in value["blocks"]?.array ?? [] {
                let source = block["source"]?.text ?? "*"
                let end = Self.key(block)
                add(
                    block["since"]?.text,
                    "\(wording.blockSinceShort) \(source) → \(end)",
                    wording.blockSince(source, end)
                )
                add(block["until"]?.text, "", wording.blockUntil(source, end))
            }
            for scrubbing in value["scrubbing"]?.array ?? [] {
                let says = wording.scrubbedSince(scrubbing["destination"]?.text ?? "*")
                add(scrubbing["since"]?.text, says, says)
            }
            for hole in value["blackHoles"]?.array ?? [] {
                let says = wording.blackHoleSince(hole["destination"]?.text ?? "*")
                add(hole["since"]?.text, says, says)
            }
            for allowance in value["allowlist"]?.array ?? [] {
                let says = wording.allowed(allowance["source"]?.text ?? "*")
                add(allowance["effective"]?.text, says, says)
            }
        }
        return Array(notices.filter { !$0.short.isEmpty }.prefix(6)) + notices.filter { $0.short.isEmpty }.prefix(6)
    }

    /// What a block of the provider's records is about: `HOST:PORT`, with `*` for any.
    static func key(_ block: JSONValue) -> String {
        let host = block["destination"]?.text ?? "*"
        return Place.text(host, block["port"]?.integer.map { "\($0)" } ?? "*")
    }
}
