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
        switch (outcome, failure) {
        case (.notSent, ProbeRecord.nameNotFound): "Look at the name, and at the name servers of this host."
        case (.notSent, ProbeRecord.portInUse): "Choose another with --from-port."
        case (.icmp, _) where icmp?.meaning == .timeExceeded: adviceOfExpiry
        case (.icmp, _) where isRejectedByItself && icmp?.meaning == .prohibited:
            "Look at this host's packet filter: nft list ruleset."
        case (.icmp, _) where isRejectedByItself:
            "Look at this host's routes, and whether the next hop answers (ip neigh)."
        case (.icmp, _) where isRejectedByHost && icmp?.meaning == .prohibited:
            "It is that host's own firewall that says so: let the connection in there."
        case (.refusedFull, _) where closing != nil || plan.isHalfOpen == true:
            "Nothing listens there, or something on the way refuses in its name: compare the TTL with that of a port that works."
        case (.refusedFast, _) where closing != nil || plan.isHalfOpen == true:
            "Something nearer than the server refuses: compare the TTL with that of a port that works."
        case _ where isEndedBySilence: adviceOfSilence
        case (.midReset, _) where !hasMovedContent, (.midClosed, _) where !hasMovedContent: adviceWithoutContent
        default: outcome.advice
        }
    }

    private var adviceOfExpiry: String {
        guard let limit = plan.options?.timeToLive else {
            return "Packets may go in a circle there: look at the routes of the router that says so."
        }
        return "It is --ttl \(limit) that lets packets go no farther: leave it out, or take more."
    }

    private var adviceOfSilence: String {
        guard plan.keepsAlive == true else {
            return "Something may forget connections that are silent: try again with --keep-alive, or a shorter --idle."
        }
        return "It was so with keep-alives: try a shorter --idle."
    }

    private var adviceWithoutContent: String {
        let said = text.map { "It had said \"\(ProbeRecord.brief($0))\". " } ?? ""
        guard plan.speaks != .tcp else {
            return said + "The service itself may end it: it may refuse this host, or expect what --protocol says."
        }
        return said + "The service itself may end it: it may not speak \(plan.speaks.rawValue), or refuse this host."
    }

    /// That it answers in another protocol than was asked for; nil if it does not, or says nothing.
    var strangeness: String? {
        guard outcome.worked, let text, let beginning = plan.speaks.beginning, !text.hasPrefix(beginning.text) else {
            return nil
        }
        return "answers, but not in \(beginning.name)"
    }

    /// As much of `text` as a sentence can hold.
    static func brief(_ text: String) -> String {
        let most = 60
        let words = text.prefix { $0 != "\n" }
        let end = words.lastIndex { !" ·".contains($0) }
        let said = end.map { words[...$0] } ?? ""
        return said.count <= most ? String(said) : String(said.prefix(most - 1)) + "…"
    }

    /// What it came to, with what the system, a router or the service said.
    var told: String {
        if let vantageProblem { return vantageProblem }
        if phase == .resolve, let text { return text }
        return "\(strangeness ?? words) (\(outcome.rawValue))\(saying)"
    }
}

extension ServiceProtocol {
    /// How the first words of such a service begin, as a record has them, and what they are words of; nil where they may be
    /// anything.
    fileprivate var beginning: (text: String, name: String)? {
        switch self {
        case .tcp: nil
        case .http: (text: "HTTP/", name: "HTTP")
        case .rsync: (text: "@RSYNCD", name: "rsync's protocol")
        case .tls, .ferry: (text: "TLS ", name: "TLS")
        }
    }
}
