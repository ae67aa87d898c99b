public import FerryCore
public import FerryEvidence

/// Something that a line of an incident's `records.jsonl` tells. A line is what was there before, or what an experiment gave.
public struct IncidentRecord: Sendable, Equatable {
    /// What it is.
    public enum Content: Sendable, Equatable {
        /// A probe.
        case probe(ProbeRecord)
        /// A ladder.
        case ladder(LadderRecord)
        /// What a vantage watched.
        case watch(WatchRecord)
        /// A look at a host.
        case host(HostRecord)
        /// The provider's records.
        case records(JSONValue)
        /// The uplink's monitor, as CSV.
        case monitor(String)
        /// Something that was noted, in English.
        case note(String)
    }

    /// When it was written down.
    public var at: UTCTime?
    /// What it is.
    public var content: Content

    /// A record.
    public init(at: UTCTime?, _ content: Content) {
        self.at = at
        self.content = content
    }

    /// Everything that a line tells, and whether something in it could not be read.
    static func reading(_ line: JSONValue, startedAt: UTCTime?) -> (records: [IncidentRecord], isWhole: Bool) {
        var contents: [Content] = []
        var isWhole = true
        func take<Record: Decodable>(_ name: String, _ type: Record.Type, _ content: (Record) -> Content) {
            guard let member = line[name], member != .null else { return }
            for value in member.array ?? [member] {
                guard let record = try? value.decoded(as: type, from: name) else {
                    isWhole = false
                    continue
                }
                contents.append(content(record))
            }
        }
        if let provider = line["provider"] { contents.append(.records(provider)) }
        if let uplink = line["uplink"]?.text { contents.append(.monitor(uplink)) }
        take("hostsBefore", HostRecord.self) { .host($0) }
        take("probes", ProbeRecord.self) { .probe($0) }
        take("watches", WatchRecord.self) { .watch($0) }
        take("ladders", LadderRecord.self) { .ladder($0) }
        take("hostsAfter", HostRecord.self) { .host($0) }
        if let note = line["note"]?.text { contents.append(.note(note)) }
        // Seconds since the diagnosis began.
        let seconds = line["at"]?.number.flatMap { abs($0) < 1e9 ? $0 : nil }
        let at = startedAt.flatMap { start in
            seconds.map { UTCTime(microseconds: start.microseconds + Int64($0 * 1e6)) }
        }
        if case .object = line {} else { isWhole = false }
        return (contents.map { IncidentRecord(at: at, $0) }, isWhole)
    }
}
