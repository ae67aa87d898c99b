public import FerryCore
public import FerryEvidence
internal import FerrySite

extension ErrorCode {
    /// A folder is no incident that a report could be written of.
    public static let reportIncident = ErrorCode("report.incident", .input)
}

/// What `ferry diagnose` has left of one incident: its answer, and everything that it rests on.
public struct Incident: Sendable {
    /// The answer.
    public var diagnosis: DiagnosisDocument
    /// What the operator had declared; nil if the copy is missing or cannot be used.
    public var site: Site?
    /// What was seen, in the order of time.
    public var records: [IncidentRecord] = []
    /// Ends and beginnings of the mover's connections, in the order of time.
    public var events: [LaneEvent] = []
    /// Names of packet captures that lie in the folder.
    public var captures: [String] = []
    /// What those show of connections to the suspect.
    var captureReadings: [CaptureReading] = []
    /// Lines of files that could not be read, by the file's name.
    public var unreadable: [(file: String, lines: Int)] = []
    /// Files that are not there.
    public var missing: [String] = []

    /// An incident of which only the answer is known.
    public init(_ diagnosis: DiagnosisDocument) { self.diagnosis = diagnosis }

    /// What `ferry diagnose` has noted, with an answer of its own in the place of the one that was given then, as a replay gives
    /// one.
    /// - Parameters:
    ///   - diagnosis: the answer.
    ///   - path: the folder that `ferry diagnose` has written, or its `records.jsonl`; records of another name are read alone.
    /// - Throws: `FerryError` with `ErrorCode.reportIncident` if something that is there cannot be read.
    public init(_ diagnosis: DiagnosisDocument, recordedIn path: String) throws(FerryError) {
        self.diagnosis = diagnosis
        if let folder = IncidentFile.folder(of: path) {
            try readRest(of: folder)
        } else {
            site = try readRecords(path)
        }
    }

    /// Reads the folder that `ferry diagnose` has written.
    /// - Throws: `FerryError` with `ErrorCode.reportIncident` if there is no answer in it. Everything else may be missing or damaged;
    ///   the report says so.
    public init(reading folder: String) throws(FerryError) {
        let path = "\(folder)/diagnosis.json"
        guard let bytes = try IncidentFile.bytes(of: path) else { throw try Incident.withoutAnswer(folder) }
        do {
            let value = try JSONValue(parsing: bytes, from: path)
            diagnosis = try value.decoded(as: DiagnosisDocument.self, from: path)
        } catch {
            throw Incident.wrong(path, error.cause)
        }
        guard diagnosis.schema == DiagnosisDocument.schema else {
            throw Incident.wrong(path, "its schema is \"\(diagnosis.schema)\" and not \(DiagnosisDocument.schema)")
        }
        try readRest(of: folder)
    }

    /// Everything but the answer.
    private mutating func readRest(of folder: String) throws(FerryError) {
        let declared = try readRecords("\(folder)/\(IncidentFile.records)")
        try readEvents("\(folder)/events.jsonl")
        // A site file of a later version may have keys that this one does not know.
        if try IncidentFile.bytes(of: "\(folder)/site.yaml") != nil { site = try? Site(reading: "\(folder)/site.yaml") }
        site = site ?? declared
        if site == nil { missing.append("site.yaml") }
        captures = IncidentFile.names(in: folder).filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }
        readCaptures(folder)
    }

    private mutating func readCaptures(_ folder: String) {
        let suspect = SuspectEnds(self)
        var left = CaptureReading.mostBytes
        captureReadings = captures.prefix(CaptureReading.mostFiles).map {
            CaptureReading($0, in: folder, about: suspect, left: &left)
        }
    }

    /// - Returns: the site that the first line has.
    private mutating func readRecords(_ path: String) throws(FerryError) -> Site? {
        if try IncidentFile.bytes(of: path) == nil { missing.append(IncidentFile.records) }
        var (values, unreadable) = try IncidentFile.lines(of: path)
        let startedAt = (values.first?["startedAt"]?.text ?? diagnosis.startedAt).flatMap { UTCTime(parsing: $0) }
        for value in values {
            let (found, isWhole) = IncidentRecord.reading(value, startedAt: startedAt)
            records += found
            unreadable += isWhole ? 0 : 1
            if let history = value["history"]?.text {
                take(IncidentFile.values(in: Array(history.utf8), from: path).values)
            }
        }
        note(IncidentFile.records, unreadable)
        return values.first?["site"].flatMap { try? $0.decoded(as: Site.self, from: path) }
    }

    private mutating func readEvents(_ path: String) throws(FerryError) {
        guard try IncidentFile.bytes(of: path) != nil else { return }
        // The copy is whole where the records may have kept a part.
        events = []
        let (values, unreadable) = try IncidentFile.lines(of: path)
        let lanes = values.filter(LaneEvent.isOne)
        take(lanes)
        note("events.jsonl", unreadable + lanes.count - events.count)
    }

    private mutating func take(_ values: [JSONValue]) {
        // A log is copied while it grows: events of equal times keep their order.
        let found = events + values.filter(LaneEvent.isOne).compactMap(LaneEvent.init)
        events = found.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(
            \.element
        )
    }

    private mutating func note(_ file: String, _ lines: Int) {
        if lines > 0 { unreadable.append((file, lines)) }
    }

    private static func withoutAnswer(_ folder: String) throws(FerryError) -> FerryError {
        let hasBegun = try IncidentFile.bytes(of: "\(folder)/\(IncidentFile.records)")?.isEmpty == false
        return FerryError(
            .reportIncident,
            operation: "read",
            subject: "the incident \(folder)",
            cause: hasBegun
                ? "its diagnosis has not ended: there is no diagnosis.json in it yet"
                : "there is no diagnosis.json in it",
            advice: hasBegun
                ? "Wait for its end; if it was interrupted, go on with it: ferry diagnose --continue \(folder)"
                : "Name the folder that ferry diagnose has written."
        )
    }

    private static func wrong(_ path: String, _ cause: String) -> FerryError {
        FerryError(
            .reportIncident,
            operation: "use",
            subject: path,
            cause: cause,
            advice: "It was written by another version, or has been changed since."
        )
    }
}

extension Incident {
    /// Every probe: of the records, and those that only the answer has.
    public var probes: [ProbeRecord] {
        var recorded = records.compactMap { if case .probe(let probe) = $0.content { probe } else { nil } }
        let known = Set(recorded.map(\.plan.id))
        let answered = diagnosis.probes.compactMap(\.record)
        // By which address it left is found out after it was noted, by what others have watched.
        let translated = Dictionary(answered.map { ($0.plan.id, $0.translatedSource) }) { first, _ in first }
        for index in recorded.indices {
            if let seen = translated[recorded[index].plan.id] ?? nil { recorded[index].translatedSource = seen }
        }
        return recorded + answered.filter { !known.contains($0.plan.id) }
    }

    /// Everything that was watched.
    public var watches: [WatchRecord] {
        records.compactMap { if case .watch(let watch) = $0.content { watch } else { nil } }
    }

    /// Every ladder: of the records, and those that only the answer has.
    public var ladders: [LadderRecord] {
        let recorded = records.compactMap { if case .ladder(let ladder) = $0.content { ladder } else { nil } }
        let known = Set(recorded.map(\.plan.id))
        return recorded + diagnosis.ladders.filter { !known.contains($0.plan.id) }
    }

    /// When the diagnosis ended: the report's "now", so that it says the same whenever it is written.
    public var end: UTCTime? {
        diagnosis.endedAt.flatMap { UTCTime(parsing: $0) } ?? records.compactMap(\.at).max() ?? events.last?.time
    }
}
