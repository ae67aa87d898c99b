internal import FerryAddress
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
    /// What it came to, in words; where nothing was sent, also why, if that is known, and where it ended without content,
    /// what it ended after.
    public var words: String {
        switch (outcome, failure) {
        case (.notSent, ProbeRecord.nameNotFound):
            "nothing was sent: the name \(plan.host) could not be found"
        case (.notSent, ProbeRecord.portInUse): "nothing was sent: \(localPort) is in use"
        case (.icmp, _) where icmp?.meaning == .timeExceeded:
            (plan.options?.timeToLive).map { "the time to live of \($0) ran out on the way" }
                ?? "the time to live ran out on the way"
        case (.icmp, _) where isRejectedByItself:
            icmp?.meaning == .prohibited
                ? "this host's own packet filter forbids it" : "this host itself finds no way there"
        case (.icmp, _) where isRejectedByHost: "the host itself says that it cannot be reached"
        case (.connectReset, _), (.connectClosed, _), (.midReset, _), (.midClosed, _):
            endWithoutContent ?? outcome.words
        default: outcome.words
        }
    }

    /// Whether it was ended in a silence that the plan asked for, or by what was sent first after it.
    public var isEndedBySilence: Bool {
        guard let planned = plan.idleSeconds, planned > 0 else { return false }
        switch outcome {
        case .connectReset, .connectClosed: return isEndedInSilence
        case .midReset, .midClosed: return isEndedInSilence || isEndedAfterSilence
        default: return false
        }
    }

    private var isEndedInSilence: Bool {
        guard let planned = plan.idleSeconds, let silent = idleSeconds, phase == .greeting else { return false }
        return silent >= min(1, planned / 2)
    }

    /// Only what rsync's clients say, and content, go out after the silence.
    private var isEndedAfterSilence: Bool {
        guard plan.idleSeconds != nil, plan.payload != nil || plan.speaks == .rsync else { return false }
        return phase != .greeting && bytesSent > 0 && bytesAcknowledged == 0
    }

    /// Whether content was on its way when it ended.
    public var hasMovedContent: Bool {
        guard let payload = plan.payload, !isEndedBySilence else { return false }
        // Real content of TLS is its hello, which goes out before the service is heard.
        let isHello = (plan.speaks == .tls || plan.speaks == .ferry) && payload.kind == .real
        return isHello || phase != .greeting
    }

    /// How it was ended where that was not while content moved; nil if it was, and before the first word.
    private var endWithoutContent: String? {
        let ended = outcome == .midReset || outcome == .connectReset ? "reset" : "closed"
        if isEndedBySilence {
            return isEndedInSilence
                ? "\(ended) after \(ProbeRecord.time(idleSeconds)) of silence"
                : "\(ended) by what came first after \(ProbeRecord.time(plan.idleSeconds)) of silence"
        }
        guard outcome == .midReset || outcome == .midClosed, !hasMovedContent else { return nil }
        return "\(ended) once the service had been heard"
    }

    private static func time(_ seconds: Double?) -> String { "\(((seconds ?? 0) * 10).rounded() / 10) s" }

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

    /// Whether the error is of the host that asks: its packet filter forbids it, it has no route, or nobody on its link answers
    /// for the next hop.
    public var isRejectedByItself: Bool {
        guard let icmp, let source else { return false }
        return IPEndpoint(parsing: source)?.address == IPAddress(parsing: icmp.from) && !isRejectedByHost
    }

    private var localPort: String { plan.sourcePort.map { "the local port \($0)" } ?? "the local port" }
}
