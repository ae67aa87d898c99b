internal import FerryEvidence

/// The end of content that no client of the service sends. A service may end it, as rsync's daemon resets what does not begin with
/// its words, and nothing of the way is broken then.
struct ForeignContentEnd {
    /// Whether the staging server itself was seen to end it.
    let isOfService: Bool
    /// What is known all the same.
    let known: [Finding]
    /// What it shows if the service takes such content.
    let open: [Finding]

    /// Nil if it was no such end, or is known to be none of the service's.
    /// - Parameter tolerates: hosts whose service has taken such content.
    init?(_ done: DiagnosisEngine.Done, _ reading: ProbeReading, tolerates: Set<String>) {
        let record = reading.record
        guard !done.isDiscarded, ForeignContentEnd.isForeign(record.plan), [.send, .receive].contains(record.phase),
            [.midReset, .midClosed].contains(reading.outcome), record.bytesSent > 0
        else { return nil }
        let ends = done.findings.compactMap { finding -> Finding.ServerEnd? in
            if case .serverEnded(_, _, let end) = finding { return end }
            return nil
        }
        let isForged = done.findings.contains {
            if case .endIsForged(_, _, true) = $0 { return true }
            return false
        }
        switch ends.last {
        case .reset?, .close?:
            isOfService = true
            var carried = reading.contact
            carried.bytes = min(carried.bytes, max(0, record.bytesAcknowledged ?? 0))
            known = [.outcome(carried, .ok)]
            open = []
        case .nothing?, .afterClient?: return nil
        case nil:
            guard !isForged, !tolerates.contains(record.plan.host) else { return nil }
            isOfService = false
            known = []
            open = done.findings
        }
    }

    /// Whether it shows that the service takes such content.
    static func showsTolerance(_ reading: ProbeReading) -> Bool {
        isForeign(reading.record.plan) && reading.outcome.worked && reading.contact.bytes >= 1024
            && !(reading.record.text?.contains("@ERROR") ?? false)
    }

    private static func isForeign(_ plan: ProbePlan) -> Bool {
        plan.speaks == .rsync && plan.payload.map { $0.kind != .real } ?? false
    }
}

/// What an end shows that is left open for now.
struct LeftOpen: Sendable {
    /// Which experiment it was.
    var index: Int
    /// What it shows if it was not the service's.
    var findings: [Finding]
    /// The situation when it was made.
    var scene: Scene
}
