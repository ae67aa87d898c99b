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
        guard outcome == .notSent else { return outcome.words }
        switch failure {
        case ProbeRecord.nameNotFound: return "nothing was sent: the name \(plan.host) could not be found"
        case ProbeRecord.portInUse: return "nothing was sent: \(localPort) is in use"
        default: return outcome.words
        }
    }

    private var localPort: String { plan.sourcePort.map { "the local port \($0)" } ?? "the local port" }
}
