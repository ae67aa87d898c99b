internal import FerryAddress
internal import FerryCore
internal import FerryEvidence

/// What the mover's own connections tell: what fails, since when, after what.
struct HistoryReading {
    let outcomes: [(Contact, ProbeOutcome)]
    let onset: Finding.Onset
    let failingIdle: Double?
    let failingBytes: Int?
    let failingAge: Double?
    /// Seconds of the diagnosis' clock, at most 0: what the mover's clock tells of later has been by now.
    let lastFailure: Double?
    let failingPort: UInt16?
    /// By which address the suspect has seen the source last.
    let observedAddress: String?
    let hasFailed: Bool
    /// Whether the source has talked with the suspect lately.
    let talked: Bool
    let note: DiagnosisEngine.Note
    let bracket: MemoryBracket
    /// Connections to the suspect that have ended.
    let count: Int
    /// And of these, those that worked.
    let worked: Int
    /// How many others stood when the last one failed.
    let othersAtOnce: Int
    /// Whether those were many.
    var hasManyAtOnce: Bool { othersAtOnce >= LikelihoodTable.Concurrency.manyCount }

    /// - Parameter minute: a minute of the diagnosis' waits in seconds.
    init(view: SiteView, events: [MoverEvent], now: UTCTime, minute: Double) {
        let suspect = view.site.suspect
        let own = events.filter { $0.port == suspect.port && view.isSuspectHost($0.destination) }
        let failures = own.filter { !$0.outcome.worked }
        func seconds(_ event: MoverEvent) -> Double { Double(event.time.microseconds - now.microseconds) / 1e6 }
        var bracket = MemoryBracket()
        for event in own {
            bracket.add(from: seconds(event) - event.ageSeconds, to: seconds(event), worked: event.outcome.worked)
        }
        self.bracket = bracket
        hasFailed = !failures.isEmpty
        talked = own.contains { seconds($0) > -20 * minute }
        let first = failures.first
        let last = failures.last
        lastFailure = last.map { min(0, seconds($0)) }
        failingPort = last.flatMap { IPEndpoint(parsing: $0.source)?.port }
        observedAddress = own.last { $0.observedAddress != nil }?.observedAddress
        let mid = failures.last { $0.outcome.rawValue.hasPrefix("MID_") }
        let idle = mid?.idleSeconds.flatMap { $0 > minute / 4 ? $0 : nil }
        failingIdle = idle
        failingBytes = mid.map { max($0.bytesSent, $0.bytesAcknowledged ?? 0) }
        failingAge = mid?.ageSeconds
        count = own.count
        worked = own.count - failures.count
        othersAtOnce =
            last.map { last in
                own.filter { other in
                    other != last && other.time >= last.time && seconds(other) - other.ageSeconds <= seconds(last)
                }.count
            } ?? 0
        var onset = Finding.Onset.quiet
        if let first {
            let before = own.filter { $0.time < first.time && seconds($0) > seconds(first) - 2 * minute }
            let bytes = (before + [first]).reduce(0) { $0 + ($1.bytesAcknowledged ?? 0) }
            if before.count >= 5 { onset = .burst } else if bytes >= 100_000 { onset = .volume }
        }
        self.onset = onset
        outcomes = own.filter { event in first.map { event.time >= $0.time } ?? false }.suffix(40).map { event in
            var contact = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)
            contact.content = .real
            contact.bytes = event.bytesSent
            contact.ageSeconds = event.ageSeconds
            contact.isPast = true
            if event.outcome.rawValue.hasPrefix("MID_"), let idle = event.idleSeconds, idle > minute / 4 {
                contact.idleSeconds = idle
            }
            return (contact, event.outcome)
        }
        let says: String
        if let first, let last {
            says =
                "The mover's log has \(own.count) ended connections to \(suspect.place): \(worked) worked, \(failures.count) failed, first at \(first.time), last at \(last.time) with \(last.outcome.rawValue); before the first there was \(onset == .burst ? "a burst of connections" : onset == .volume ? "much content" : "nothing out of the ordinary")."
        } else if own.isEmpty, !events.isEmpty {
            says =
                "The mover's log has \(events.count) ended connections, and none of them to \(suspect.place): it tells nothing of it."
        } else {
            says =
                "The mover's log has \(own.count) ended connections to \(suspect.place), and none failed."
        }
        note = DiagnosisEngine.Note(
            kind: "history",
            says: says,
            arguments: [
                "\(own.count)", "\(worked)", "\(failures.count)", first.map { "\($0.time)" } ?? "",
                last.map { "\($0.time)" } ?? "",
                last?.outcome.rawValue ?? "", onset.rawValue,
            ],
            findings: []
        )
    }
}
