internal import FerryAddress
public import FerryCore
public import FerryEvidence

/// The end of one of the mover's connections, as its event log tells it.
public struct MoverEvent: Sendable, Equatable {
    /// When it ended.
    public var time: UTCTime
    /// The local address and port.
    public var source: String
    /// The address and port by which the far end has seen it, where the beginning of the same connection told; else nil.
    public var observedSource: String?
    /// The far end's address.
    public var destination: String
    /// Its port.
    public var port: UInt16
    /// What it came to.
    public var outcome: ProbeOutcome
    /// The error number, if there was one.
    public var errorNumber: Int?
    /// Bytes given to the socket.
    public var bytesSent: Int
    /// Bytes acknowledged; nil if not known.
    public var bytesAcknowledged: Int?
    /// Seconds from the first request to the end.
    public var ageSeconds: Double
    /// Seconds between the last byte and the end; nil if not known.
    public var idleSeconds: Double?
    /// The job.
    public var job: String?

    /// Reads the ends of connections in an event log, one JSON object a line. What is no object or tells of something else is
    /// passed over; an end with an outcome that nobody knows may have been a failure, and cannot be read.
    /// - Returns: the events in the order of time, and how many lines could not be read, but for a last one without an end: a log
    ///   goes on growing while it is read.
    public static func reading(_ text: String) -> (events: [MoverEvent], unreadable: Int) {
        var events: [MoverEvent] = []
        var unreadable = 0
        var observed: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let value = try? JSONValue(parsing: line.utf8, from: "the event log") else {
                if line.endIndex < text.endIndex { unreadable += 1 }
                continue
            }
            if value["event"]?.text == "lane-started" {
                if let source = value["source"]?.text { observed[source] = value["observedSource"]?.text }
                continue
            }
            guard value["event"]?.text == "lane-ended" else { continue }
            guard var event = MoverEvent(value) else {
                unreadable += 1
                continue
            }
            event.observedSource = observed.removeValue(forKey: event.source)
            events.append(event)
        }
        return (events.sorted { $0.time < $1.time }, unreadable)
    }

    private init?(_ value: JSONValue) {
        guard let text = value["time"]?.text, let time = UTCTime(parsing: text),
            let destination = value["destination"]?.text.map(MoverEvent.end),
            let port = value["port"]?.integer.flatMap({ UInt16(exactly: $0) }) ?? destination.port,
            let outcome = value["outcome"]?.text.flatMap(ProbeOutcome.init(rawValue:))
        else { return nil }
        self.time = time
        self.destination = destination.host
        self.port = port
        self.outcome = outcome
        source = value["source"]?.text ?? ""
        errorNumber = value["errno"]?.integer.flatMap { Int(exactly: $0) }
        // A log is a stranger's text: no number of it may overflow what is computed with it.
        let bytes = 0...(Int64(1) << 48)
        bytesSent = Int((value["bytesSent"]?.integer ?? 0).clamped(to: bytes))
        bytesAcknowledged = value["bytesAcknowledged"]?.integer.map { Int($0.clamped(to: bytes)) }
        ageSeconds = (value["ageSeconds"]?.number ?? 0).clamped(to: 0...1e9)
        idleSeconds = value["idleSeconds"]?.number.map { $0.clamped(to: 0...1e9) }
        job = value["job"]?.text
    }

    /// A host, and its port where that stands with it: some write both ends the same way.
    private static func end(_ written: String) -> (host: String, port: UInt16?) {
        if let end = IPEndpoint(parsing: written) { return ("\(end.address)", end.port) }
        if written.hasPrefix("["), written.hasSuffix("]") { return (String(written.dropFirst().dropLast()), nil) }
        let parts = written.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = UInt16(parts[1]) else { return (written, nil) }
        return (String(parts[0]), port)
    }

    /// The address of `observedSource`; nil if it is none.
    var observedAddress: String? { observedSource.flatMap(IPEndpoint.init(parsing:)).map { "\($0.address)" } }
}
