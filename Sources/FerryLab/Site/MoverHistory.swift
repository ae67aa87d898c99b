public import FerryCore
internal import Foundation

/// What the mover would have written of its own connections: events `lane-started` and `lane-ended`, as docs/manual/events.md
/// describes them. The plain connections of a scenario stand for the mover's.
public struct MoverHistory: Sendable {
    private var lines: [String] = []

    init() {}

    /// The log, one JSON object a line.
    public var text: String { lines.map { $0 + "\n" }.joined() }

    /// Notes a connection that has just ended.
    /// - Parameter now: when.
    mutating func note(_ probe: PlainProbe, _ result: PlainProbe.Result, now: UTCTime = .now()) {
        let end = MoverHistory.end(of: result.outcome)
        if end.phase == "transfer" {
            let started = now.microseconds - Int64((result.time - result.connectTime).inSeconds * 1e6)
            lines.append(
                JSONText.object { json in
                    json.member("time", "\(UTCTime(microseconds: started))")
                    json.member("event", "lane-started")
                    json.member("job", "lab")
                    json.member("endpoint", "\(probe.address):\(probe.port)")
                    json.member("source", result.source)
                    json.member("openSeconds", result.connectTime.inSeconds)
                }
            )
        }
        lines.append(
            JSONText.object { json in
                json.member("time", "\(now)")
                json.member("event", "lane-ended")
                json.member("job", "lab")
                json.member("source", result.source)
                json.member("destination", "\(probe.address)")
                json.member("port", Int(probe.port))
                json.member("phase", end.phase)
                json.member("outcome", result.outcome == .refused ? "REFUSED_FULL" : result.outcome.rawValue)
                json.member("errno", end.number)
                json.member("bytesSent", end.phase == "transfer" ? probe.bytes : 0)
                // Before the handshake is done there is nothing that could be acknowledged.
                json.member("bytesAcknowledged", end.phase == "connect" ? nil : result.acknowledged)
                json.member("ageSeconds", result.time.inSeconds)
                json.member("idleSeconds", MoverHistory.idle(probe, result, end.phase))
                json.member("closedBy", end.closer)
            }
        )
    }

    /// Writes it to `folder`.
    /// - Returns: the path.
    /// - Throws: `FerryError` with `ErrorCode.labTool`.
    public func write(to folder: String) throws(FerryError) -> String {
        let path = "\(folder)/events.jsonl"
        do {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw FerryError(
                .labTool,
                operation: "write",
                subject: "the mover's events to \(path)",
                cause: error.localizedDescription,
                advice: "Make room there."
            )
        }
        return path
    }

    /// Seconds in which nothing came, up to the end.
    private static func idle(_ probe: PlainProbe, _ result: PlainProbe.Result, _ phase: String) -> Double {
        let since = (result.time - result.connectTime).inSeconds
        guard phase == "transfer" else { return max(0, since) }
        return probe.idle > .zero || [.midStall, .midStallAtReceiver].contains(result.outcome) ? since : 0
    }

    private static func end(of outcome: PlainOutcome) -> (phase: String, closer: String, number: Int32?) {
        switch outcome {
        case .ok, .slowLossy, .slowShaped, .lateConnect: ("transfer", "us", nil)
        case .notSent: ("connect", "us", EADDRNOTAVAIL)
        case .synTimeout: ("connect", "nobody", ETIMEDOUT)
        case .refused, .refusedFast, .refusedFull: ("connect", "peer", ECONNREFUSED)
        case .icmp: ("connect", "nobody", EHOSTUNREACH)
        case .connectReset: ("hello", "peer", ECONNRESET)
        case .connectClosed: ("hello", "peer", nil)
        case .connectSilence: ("hello", "nobody", nil)
        case .midReset: ("transfer", "peer", ECONNRESET)
        case .midClosed: ("transfer", "peer", nil)
        case .appError: ("hello", "peer", nil)
        case .midStall, .midStallAtReceiver: ("transfer", "nobody", nil)
        }
    }
}
