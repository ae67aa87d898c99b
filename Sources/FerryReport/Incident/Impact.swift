internal import FerryAddress
internal import FerryCore
internal import FerryEvidence

/// What an incident has cost the move, from the mover's own event log.
struct Impact: Equatable {
    /// Connections to the suspect's host that ended otherwise than they should.
    var failures = 0
    /// Connections that ended as they should, or that stood when the log ended.
    var successes = 0
    /// Source servers with a failure.
    var servers: [String] = []
    /// Servers that were seen at all.
    var serversSeen = 0
    /// Bytes that were given to connections that failed, and not acknowledged.
    var bytesAgain = 0
    /// Failed connections of which nobody knows how much was acknowledged.
    var failuresWithoutCount = 0
    /// The first failure.
    var began: UTCTime?
    /// The last failure.
    var lastFailure: UTCTime?
    /// The first success after the last failure.
    var recovered: UTCTime?
    /// Seconds from the first failure to the recovery, or to the end of the diagnosis.
    var seconds: Double?
    /// Seconds that each server was cut off, added up.
    var serverSeconds = 0.0

    init(_ incident: Incident) {
        let events = Impact.concerned(incident)
        let failed = events.filter { !$0.worked }
        failures = failed.count
        successes = events.count { !$0.began && $0.worked } + Impact.standing(events)
        servers = Array(Set(failed.map(\.server))).sorted()
        serversSeen = Set(events.map(\.server)).count
        for event in failed {
            guard let acknowledged = event.bytesAcknowledged ?? (event.bytesSent == 0 ? 0 : nil) else {
                failuresWithoutCount += 1
                continue
            }
            // Acknowledged are bytes of TLS records as well: more of them than of frames.
            // A log may say anything: sums of it stay numbers.
            bytesAgain = min(1 << 60, bytesAgain + min(1 << 60, max(0, event.bytesSent - acknowledged)))
        }
        began = failed.first?.time
        lastFailure = failed.last?.time
        guard let began, let lastFailure else { return }
        recovered = events.first { $0.worked && $0.time > lastFailure }?.time
        guard let end = recovered ?? incident.end else { return }
        seconds = max(0, Impact.seconds(from: began, to: end))
        for server in servers { serverSeconds += Impact.cutOff(events.filter { $0.server == server }, until: end) }
    }

    /// How many connections began and have no end in the log. One that ended is told by its end alone.
    private static func standing(_ events: [LaneEvent]) -> Int {
        var open: Set<String> = []
        for event in events {
            guard let source = event.source else { continue }
            if event.began { open.insert(source) } else { open.remove(source) }
        }
        return open.count
    }

    /// Events of connections to the suspect's host, at the suspect's port or another at which the service answers.
    static func concerned(_ incident: Incident) -> [LaneEvent] {
        guard let site = incident.site else { return incident.events }
        let ports = [site.suspect.port] + site.alternatePorts
        let isAddress = site.suspect.canonicalHost.address != nil
        return incident.events.filter { event in
            // The log has addresses where the site may have a name.
            ports.contains(event.port) && (CanonicalHost(event.host) == site.suspect.canonicalHost || !isAddress)
        }
    }

    private static func cutOff(_ events: [LaneEvent], until end: UTCTime) -> Double {
        var sum = 0.0
        var since: UTCTime?
        for event in events {
            if event.worked {
                if let begin = since { sum += seconds(from: begin, to: event.time) }
                since = nil
            } else if since == nil {
                since = event.time
            }
        }
        if let since, end > since { sum += seconds(from: since, to: end) }
        return sum
    }

    static func seconds(from: UTCTime, to: UTCTime) -> Double { Double(to.microseconds - from.microseconds) / 1e6 }
}
