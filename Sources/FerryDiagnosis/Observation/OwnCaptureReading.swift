internal import FerryEvidence

/// What a host that asks has captured on its own network interfaces of a connection that did not come about: whether its
/// requests left it, and whether an answer came.
struct OwnCaptureReading {
    let contact: Contact
    let record: ProbeRecord
    let outcome: ProbeOutcome
    /// Connections from the same host, just before and after.
    let controls: [ProbeRecord]

    var findings: [Finding] {
        guard contact.position == .sourceHost, outcome.isBeforeHandshake, outcome != .notSent,
            record.plan.isHalfOpen != true, let handshake = record.handshake
        else { return [] }
        guard !handshake.requests.isEmpty else {
            return isBlind ? [] : [.requestSeen(contact, outcome, at: .sourceHost, false)]
        }
        var findings: [Finding] = [.requestSeen(contact, outcome, at: .sourceHost, true)]
        if outcome == .synTimeout {
            // What acknowledges something else is a challenge, which the host answers by a RST.
            let isAnswered = handshake.answers.contains { ($0.acknowledgementOffset ?? 0) == 0 }
            findings.append(.answerSeen(contact, outcome, at: .sourceHost, isAnswered))
        }
        return findings
    }

    /// Whether a control came through of which nothing was captured: what leaves this host leaves it by another address, then.
    private var isBlind: Bool {
        controls.contains { control in
            control.plan.vantage == record.plan.vantage && control.outcome.worked
                && control.handshake?.requests.isEmpty ?? true
        }
    }
}
