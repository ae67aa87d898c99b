internal import FerryEvidence

extension ProbeOutcome {
    /// What somebody who sees it should know or do next.
    var advice: String {
        switch self {
        case .ok, .slowLossy, .slowShaped, .lateConnect: ""
        case .notSent: "Look at this host's firewall, routes, and ports in use."
        case .synTimeout: "Request or answer was dropped on the way. Compare with another port and from another place."
        case .refusedFast:
            "Something nearer than the server refuses: compare --capture's TTL with that of another port."
        case .refusedFull: "Nothing listens there, or something on the way refuses in its name: compare with --capture."
        case .icmp: "The router that says so, or one behind it, is where to look."
        case .connectReset, .connectClosed:
            "Whoever did the handshake need not be the server. Compare with another port and from another place."
        case .connectSilence: "Whoever did the handshake need not be the server: a proxy may have nothing behind it."
        case .midReset, .midClosed:
            "Try again with --payload inverted, and with other sizes: content, size or age may matter."
        case .midStall: "Try --segment 536: if that works, large packets are lost on the way."
        case .midStallAtReceiver: "Look at the service: it reads nothing, or its disk is full."
        case .applicationError: "The network is well: read what it says."
        }
    }
}

extension ProbeRecord {
    /// What somebody who sees it should know or do next.
    var advice: String {
        guard outcome == .notSent else { return outcome.advice }
        switch failure {
        case ProbeRecord.nameNotFound: return "Look at the name, and at the name servers of this host."
        case ProbeRecord.portInUse: return "Choose another with --from-port."
        default: return outcome.advice
        }
    }

    /// What it came to, with what the system, a router or the service said.
    var told: String {
        if let vantageProblem { return vantageProblem }
        if phase == .resolve, let text { return text }
        return "\(words) (\(outcome.rawValue))\(saying)"
    }
}
