internal import FerryCore

extension ProbeOutcome {
    /// What it means, in words.
    public var words: String {
        switch self {
        case .ok: "works"
        case .slowLossy: "works, with losses"
        case .slowShaped: "works, slower than sent"
        case .lateConnect: "works, after a request was repeated"
        case .notSent: "nothing was sent: this host does not let it begin"
        case .synTimeout: "no answer to the request"
        case .refusedFast: "refused, sooner than the far end could answer"
        case .refusedFull: "refused"
        case .icmp: "a router says that it cannot be reached"
        case .connectReset: "connected, then reset before a word"
        case .connectClosed: "connected, then closed before a word"
        case .connectSilence: "connected, and then silence"
        case .midReset: "reset while content moved"
        case .midClosed: "closed while content moved"
        case .midStall: "content is no longer acknowledged"
        case .midStallAtReceiver: "the receiver takes no more"
        case .applicationError: "the service says no"
        }
    }
}

extension ProbeRecord {
    /// What it came to, in words; where nothing was sent, also why, if that is known.
    public var words: String {
        switch (outcome, failure) {
        case (.notSent, ProbeRecord.nameNotFound):
            "nothing was sent: the name \(plan.host) could not be found"
        case (.notSent, ProbeRecord.portInUse): "nothing was sent: \(localPort) is in use"
        case (.icmp, _) where isRejectedByHost: "the host itself says that it cannot be reached"
        default: outcome.words
        }
    }

    /// What a router, the host or the service said of it, to be set behind its words; empty if they said nothing.
    public var saying: String {
        if let icmp, !outcome.worked { return ", ICMP \(icmp.type)/\(icmp.code) from \(icmp.from)" }
        if outcome == .applicationError, let text { return ": \(text)" }
        return ""
    }

    /// Whether the ICMP error that ended it is from the address that it went to.
    public var isRejectedByHost: Bool {
        guard let icmp, let destination else { return false }
        return destination == Place.text(icmp.from, plan.port)
    }

    private var localPort: String { plan.sourcePort.map { "the local port \($0)" } ?? "the local port" }
}
