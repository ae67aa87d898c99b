public import FerryCore
public import FerryEvidence

/// One line of an incident's `records.jsonl`.
public struct IncidentRecord: Sendable, Equatable {
    /// What it holds.
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
        /// The uplink's monitor.
        case monitor(JSONValue)
        /// Something that was noted, in English.
        case note(String)
    }

    /// When it was written down.
    public var at: UTCTime?
    /// What it holds.
    public var content: Content

    /// A record.
    public init(at: UTCTime?, _ content: Content) {
        self.at = at
        self.content = content
    }

    /// Reads it; nil if nothing of it is known here.
    init?(_ value: JSONValue) {
        func decoded<Record: Decodable>(_ name: String, as type: Record.Type) -> Record? {
            value[name].flatMap { try? $0.decoded(as: type, from: name) }
        }
        at = value["at"]?.text.flatMap { UTCTime(parsing: $0) }
        if let probe = decoded("probe", as: ProbeRecord.self) {
            content = .probe(probe)
        } else if let ladder = decoded("ladder", as: LadderRecord.self) {
            content = .ladder(ladder)
        } else if let watch = decoded("watch", as: WatchRecord.self) {
            content = .watch(watch)
        } else if let host = decoded("host", as: HostRecord.self) {
            content = .host(host)
        } else if let records = value["records"] {
            content = .records(records)
        } else if let monitor = value["monitor"] {
            content = .monitor(monitor)
        } else if let note = value["note"] {
            content = .note(note.text ?? note["says"]?.text ?? note.json)
        } else {
            return nil
        }
    }
}
