internal import FerryAddress
internal import FerryEvidence

/// The connections that a diagnosis has made, as lines of a ticket.
struct TicketConnections {
    private let engine: DiagnosisEngine
    /// What failed, was slow or was late: each.
    private(set) var failed: [String] = []
    /// What worked: each way once.
    private(set) var worked: [String] = []

    init(_ engine: DiagnosisEngine) {
        self.engine = engine
        var worked: [(way: String, time: String, count: Int)] = []
        for done in engine.done {
            let made = [done.result.before, done.result.probe, done.result.after].compactMap { $0 }
            // What a vantage did not do is no connection.
            for record in made where record.vantageProblem == nil {
                guard outcome(of: record, done) == .ok else {
                    failed.append(line(of: record, done))
                    continue
                }
                let way = way(of: record)
                if let index = worked.firstIndex(where: { $0.way == way }) {
                    worked[index].count += 1
                    worked[index].time = record.startedAt
                } else {
                    worked.append((way, record.startedAt, 1))
                }
            }
        }
        self.worked = worked.map {
            "\($0.time)  \($0.way) tcp  \($0.count == 1 ? "once" : "the last of \($0.count)")"
        }
    }

    private func outcome(of record: ProbeRecord, _ done: DiagnosisEngine.Done) -> ProbeOutcome {
        record.plan.id == done.result.probe?.plan.id ? done.outcome ?? record.outcome : record.outcome
    }

    /// From which address where to.
    private func way(of record: ProbeRecord) -> String {
        var source = record.plan.vantage
        if let outside = record.translatedSource.flatMap({ IPEndpoint(parsing: $0) })?.address {
            source = "\(outside)"
        } else if let own = record.source.flatMap({ IPEndpoint(parsing: $0) }) {
            // Ports differ each time.
            source = self.source(of: record).replacing("\(own)", with: "\(own.address)")
        }
        return "\(source) -> \(record.destination ?? record.plan.place)"
    }

    private func line(of record: ProbeRecord, _ done: DiagnosisEngine.Done) -> String {
        let outcome = outcome(of: record, done)
        var line = "\(record.startedAt)  \(source(of: record)) -> \(record.destination ?? record.plan.place) tcp  "
        line += "\(outcome == record.outcome ? record.words : outcome.words) (\(outcome.rawValue))\(record.saying)"
        if !outcome.worked, let closing = record.closing {
            line += ", by \(closing.flagNames) with TTL \(closing.timeToLive), window \(closing.window)"
        }
        return line
    }

    /// What others see of it stands beside what the source has.
    private func source(of record: ProbeRecord) -> String {
        guard let source = record.source else { return record.translatedSource ?? record.plan.vantage }
        if let translated = record.translatedSource { return "\(source) (leaves as \(translated))" }
        let outside = engine.leavingAddresses.sorted()
        let isFailing = record.plan.vantage == engine.view.failing && record.plan.sourceAddress == nil
        let own = IPEndpoint(parsing: source).map { "\($0.address)" }
        let declared = engine.view.site.sourceAddresses.first { $0.via == record.plan.vantage }?.address
        let isSeen = isFailing && !outside.isEmpty || record.plan.sourceAddress != nil
        if !isSeen, let declared, declared != own, !engine.view.isFailing(declared) {
            return "\(source) (leaves as \(declared), as is declared)"
        }
        guard isFailing, !outside.isEmpty, !outside.contains(own ?? "") else { return source }
        return "\(source) (leaves as \(outside.joined(separator: " or ")), ports may be translated)"
    }
}
