public import FerryCore
internal import FerryEvidence

/// The beginning or the end of one of the mover's connections, as its event log tells it.
public struct LaneEvent: Sendable, Equatable {
    /// When.
    public var time: UTCTime
    /// Whether it began; it ended if not.
    public var began: Bool
    /// The job, which stands for the source server.
    public var job: String?
    /// The local address and port.
    public var source: String?
    /// The address after translation, where the staging server has told it.
    public var translated: String?
    /// The far end's host.
    public var host: String
    /// Its port.
    public var port: UInt16
    /// What it came to, as `CONNECT_RST`; nil of a beginning.
    public var outcome: String?
    /// How far it had come.
    public var phase: String?
    /// Bytes given to the socket.
    public var bytesSent: Int
    /// Bytes acknowledged; nil if not known.
    public var bytesAcknowledged: Int?
    /// Seconds from the first packet to the end.
    public var ageSeconds: Double?

    static func isOne(_ value: JSONValue) -> Bool {
        ["lane-ended", "lane-started"].contains(value["event"]?.text)
    }

    init?(_ value: JSONValue) {
        began = value["event"]?.text == "lane-started"
        let far = began ? value["endpoint"]?.text : value["destination"]?.text
        guard let time = value["time"]?.text.flatMap({ UTCTime(parsing: $0) }), let far else { return nil }
        let parts = LaneEvent.parts(of: far)
        let port = value["port"]?.integer.flatMap { UInt16(exactly: $0) } ?? parts.port
        guard let port else { return nil }
        self.time = time
        self.port = port
        host = parts.host
        job = value["job"]?.text
        source = value["source"]?.text
        translated = value["observedSource"]?.text ?? value["translatedSource"]?.text
        outcome = began ? nil : value["outcome"]?.text
        phase = value["phase"]?.text
        bytesSent = value["bytesSent"]?.integer.flatMap { Int(exactly: $0) }.map { max(0, $0) } ?? 0
        bytesAcknowledged = value["bytesAcknowledged"]?.integer.flatMap { Int(exactly: $0) }.map { max(0, $0) }
        ageSeconds = value["ageSeconds"]?.number
        if !began, outcome == nil { return nil }
    }

    /// Whether the connection ended as it should, or began.
    public var worked: Bool { outcome.map { ProbeOutcome(rawValue: $0)?.worked ?? false } ?? true }

    /// The source server, by its job or its address.
    public var server: String { job ?? source.map { LaneEvent.parts(of: $0).host } ?? "?" }

    /// `HOST:PORT`, `[ADDRESS]:PORT` or `HOST` in its parts.
    static func parts(of text: String) -> (host: String, port: UInt16?) {
        if text.hasPrefix("["), text.hasSuffix("]") { return (String(text.dropFirst().dropLast()), nil) }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return (text, nil)
        }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { return (String(host.dropFirst().dropLast()), port) }
        return host.contains(":") ? (text, nil) : (String(host), port)
    }
}
