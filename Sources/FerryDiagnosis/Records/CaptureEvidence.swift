internal import FerryAddress
public import FerryCore
public import FerryEvidence

extension DiagnosisEngine {
    /// Takes connections into account that a capture has of what failed by itself.
    /// - Parameters:
    ///   - connections: those to the suspect.
    ///   - hasHistory: whether the mover's log tells of them, too; then only what packets show counts.
    ///   - now: when the diagnosis began.
    public mutating func take(captured connections: [CapturedConnection], hasHistory: Bool, now: UTCTime) {
        let sorted = connections.sorted { $0.startedAt < $1.startedAt }
        let failed = sorted.filter { !$0.outcome.worked }
        var findings: [Finding] = []
        for connection in sorted.suffix(40) {
            var contact = Contact(from: .sourceHost, vantage: 0, by: .failing, to: .suspectHost, port: .suspect)
            contact.content = .real
            contact.bytes = connection.bytesSent
            contact.ageSeconds = connection.seconds
            contact.isPast = true
            let outcome = connection.outcome
            if !hasHistory { findings.append(.outcome(contact, outcome)) }
            if connection.isEndedByServer, !outcome.worked {
                findings.append(.endIsForged(contact, outcome, connection.isForged))
                if let isAsFar = connection.endComesFromAsFar {
                    findings.append(.endComesFromAsFar(contact, outcome, isAsFar))
                }
            }
            if let lacks = connection.lacksWindowScale { findings.append(.lacksWindowScale(contact, lacks)) }
            if let lacks = connection.lacksSelectiveAcknowledgement {
                findings.append(.lacksSelectiveAcknowledgement(contact, lacks))
            }
        }
        for finding in findings { belief.take(finding, in: scene, weight: belief.weights.history) }
        if let last = failed.last, let begin = UTCTime(parsing: last.startedAt) {
            let end = Double(begin.microseconds - now.microseconds) / 1e6 + last.seconds
            if end <= 0 { scene.lastFailure = max(scene.lastFailure ?? end, end) }
            view.failingPort = view.failingPort ?? IPEndpoint(parsing: last.source)?.port
        }
        let forged = failed.count(where: \.isForged)
        notes.append(
            Note(
                kind: "capture",
                says: connections.isEmpty
                    ? "The captures have no connections to the suspect: they have to be made at the source, while it fails."
                    : CaptureEvidence.says(connections.count, failed: failed.count, forged: forged),
                arguments: ["\(connections.count)", "\(failed.count)", "\(forged)"],
                findings: findings
            )
        )
    }
}

private enum CaptureEvidence {
    static func says(_ all: Int, failed: Int, forged: Int) -> String {
        let text = "The captures have \(all) connection\(all == 1 ? "" : "s") to the suspect, of which \(failed) failed"
        switch forged {
        case 0: return text + "."
        case 1: return text + "; the end of one is none that the peer itself could have sent."
        default: return text + "; the ends of \(forged) are none that the peer itself could have sent."
        }
    }
}
