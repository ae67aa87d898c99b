internal import FerryAddress
internal import FerryEvidence

/// What one connection shows, as findings.
struct ProbeReading {
    private(set) var contact: Contact
    let record: ProbeRecord
    /// The least round trip seen between the same vantage and the same host, in other connections; nil if none was.
    let reference: Double?
    /// The least one between that vantage and any host, for hosts of which none is known; nil if it would say nothing.
    let leastElsewhere: Double?
    /// The time to live with which that host's answers arrive at that vantage, in other connections; nil if none was captured.
    let hostTimeToLive: Int?

    init(
        contact: Contact,
        record: ProbeRecord,
        reference: Double?,
        leastElsewhere: Double? = nil,
        hostTimeToLive: Int? = nil
    ) {
        self.contact = contact
        self.record = record
        self.reference = reference
        self.leastElsewhere = leastElsewhere
        self.hostTimeToLive = hostTimeToLive
        // A service may answer before it has all; then no more than it took was carried.
        if record.outcome.worked || isAnswered, contact.bytes > 0 {
            self.contact.bytes = min(contact.bytes, max(0, record.bytesAcknowledged ?? record.bytesSent))
        }
    }

    /// The outcome, decided anew with what is known of the path.
    var outcome: ProbeOutcome {
        var outcome = record.outcome
        if outcome == .refusedFull || outcome == .refusedFast, let reference = reference ?? leastElsewhere,
            let time = record.failureSeconds
        {
            outcome = time < reference * 0.5 ? .refusedFast : .refusedFull
        }
        // Whatever a stranger does with what it does not understand, it is not the service.
        if contact.isSuspectKey, speaksAnother, !outcome.isBeforeHandshake { return .applicationError }
        if [.midClosed, .midReset, .applicationError].contains(outcome), isAnswered { outcome = .ok }
        if outcome == .ok || outcome == .slowLossy || outcome == .slowShaped {
            if contact.isBulk {
                outcome = lossShare >= ProbeReading.heavyLoss ? .slowLossy : isSlow ? .slowShaped : .ok
            } else if outcome != .ok {
                outcome = .ok
            }
        }
        return outcome
    }

    /// Whether the service has answered to the content that it was sent. Who then ends the connection was reached, and does not
    /// want so much.
    private var isAnswered: Bool {
        guard record.plan.payload != nil else { return false }
        switch record.plan.speaks {
        case .http: return record.bytesReceived > 0
        // Its greeting came before, and is no answer.
        case .rsync: return ["@ERROR", "@RSYNCD: OK"].contains { record.text?.contains($0) ?? false }
        case .tcp, .tls, .ferry: return false
        }
    }

    /// From which share on it is heavy: carriers lose up to one segment in a hundred, and a transfer of a MiB has 700.
    static let heavyLoss = 0.019
    /// Under which share nothing to speak of is lost.
    static let lightLoss = 0.003

    /// From which share on it is severe: transfers that a policer cuts lose a fifth on average, others that lose a twenty-fifth
    /// (Flach et al., An Internet-Wide Analysis of Traffic Policing, SIGCOMM 2016).
    static let severeLoss = 0.08

    private static func loss(_ share: Double) -> Finding.Loss {
        switch share {
        case ..<lightLoss: .none
        case ..<heavyLoss: .light
        case ..<severeLoss: .heavy
        default: .severe
        }
    }

    /// The share of bytes that were sent again.
    var lossShare: Double {
        guard let tcp = record.tcp, let sent = tcp.bytesSent, sent > 0 else { return 0 }
        if let again = tcp.bytesRetransmitted {
            // What the peer told to have had twice was not lost.
            let spurious = Double(tcp.duplicatesTold ?? 0) * Double(tcp.sendSegment ?? 1448)
            // Whoever is told of a smaller unit sends again what was too long before it knew.
            let told = tcp.pathUnit.map { $0 < 1500 } ?? false ? 20 * Double(tcp.sendSegment ?? 1448) : 0
            return max(0, Double(again) - spurious - told) / Double(sent)
        }
        return Double(tcp.totalRetransmits ?? 0) / Double(max(1, tcp.dataSegmentsOut ?? tcp.segmentsOut ?? 1))
    }

    /// Seconds in which some of the content was on its way; nil if the kernel does not tell. A service may take its time before it
    /// answers, and that is no matter of the way.
    private var busySeconds: Double? { record.tcp?.busySeconds.flatMap { $0 > 0 ? $0 : nil } }

    /// Seconds that the content took.
    private var transferSeconds: Double {
        // Who speaks first is waited for before anything is sent; who does not answers when it has all.
        let speaksFirst = record.plan.speaks == .rsync || record.plan.speaks == .tcp
        let greeting = speaksFirst ? record.firstByteSeconds ?? 0 : 0
        let whole = record.durationSeconds - (record.connectSeconds ?? 0) - greeting - contact.idleSeconds
        return max(0.001, min(whole, busySeconds ?? whole))
    }

    /// Bits per second that arrived of a transfer; nil if it was none.
    var goodput: Double? {
        // A vantage's numbers are a stranger's: no more can have arrived than was to be sent.
        let arrived = min(record.bytesAcknowledged ?? record.bytesSent, min(contact.bytes, 1 << 40))
        return contact.isBulk && arrived > 0 ? Double(arrived) * 8 / transferSeconds : nil
    }

    /// Whether it took much longer than slow start and a modest line would make it take.
    var isSlow: Bool {
        guard contact.rate == nil, record.bytesSent >= Contact.bulk else { return false }
        // Behind whoever answers from nearer than the host is, content still goes all the way.
        let roundTrip = [least, reference].compactMap { $0 }.max() ?? 0.05
        let rounds = 2 + max(0, Double(record.bytesSent) / 14_000).binaryLogarithm
        // The last answer is waited for, too, where only the whole is known.
        let slack = busySeconds == nil ? 0.25 : 0.1
        let expected = roundTrip * rounds * 1.5 + Double(record.bytesSent) * 8 / 40e6 + slack
        return transferSeconds > expected * 1.6
    }

    /// The least round trip known.
    var least: Double? {
        let own = record.tcp?.leastRoundTripSeconds ?? record.connectSeconds
        return [own, reference].compactMap { $0 }.min()
    }

    /// What it shows beside the outcome.
    var findings: [Finding] {
        let outcome = outcome
        var findings: [Finding] = [.outcome(contact, outcome)]
        findings += refusal(outcome)
        if contact.isSuspectKey, speaksAnother { findings.append(.speaksAnother(contact)) }
        findings += end(outcome)
        findings += handshake(outcome)
        if contact.isBulk, !outcome.isBeforeHandshake, record.bytesSent >= Contact.bulk / 2 || !outcome.worked {
            findings += transfer(outcome)
        }
        return findings
    }

    /// Who has sent the ICMP error that ended it; nil if none did, or if that cannot be told.
    private var rejecter: Finding.Rejecter? {
        guard let error = record.icmp, record.outcome.isBeforeHandshake else { return nil }
        let host = record.destination.flatMap(IPEndpoint.init(parsing:))?.address
        if let host, IPAddress(parsing: error.from) == host { return .host }
        if record.isRejectedByItself { return .nearby }
        guard let reference, reference > 0.004, let time = record.failureSeconds else { return nil }
        return time < reference * 0.5 ? .nearby : .faraway
    }

    /// Whether the first words that came are none of the protocol that the suspect is said to speak.
    private var speaksAnother: Bool {
        guard let text = record.text, !text.isEmpty, record.phase != .resolve else { return false }
        switch record.plan.speaks {
        case .rsync: return !text.hasPrefix("@")
        case .http: return !text.hasPrefix("HTTP/")
        case .tls, .ferry: return !text.hasPrefix("TLS ")
        case .tcp: return false
        }
    }

    /// Words of services that have no room for another connection.
    private static let wordsOfLimits = ["max connections", "too many", " 429"]

    private func refusal(_ outcome: ProbeOutcome) -> [Finding] {
        if outcome == .applicationError, !speaksAnother, let text = record.text?.lowercased() {
            return [.refusalNamesLimit(ProbeReading.wordsOfLimits.contains { text.contains($0) })]
        }
        return (rejecter.map { [.rejecter(contact, outcome, $0)] } ?? [])
            + (icmpMeaning.map { [.icmpSays(contact, outcome, $0)] } ?? [])
    }

    private var icmpMeaning: ICMPFacts.Meaning? {
        guard record.outcome.isBeforeHandshake, let meaning = record.icmp?.meaning else { return nil }
        // That the host itself finds no way says nothing of routers.
        return record.isRejectedByItself && meaning != .prohibited ? nil : meaning
    }

    private func end(_ outcome: ProbeOutcome) -> [Finding] {
        guard let closing = record.closing, !outcome.worked, record.closedBy == .peer else { return [] }
        var findings: [Finding] = []
        let after = record.afterClosing ?? []
        let speaksAfter = after.contains { $0.length > 0 || ($0.flags.contains("S") && $0.flags.contains("A")) }
        let offsets = Set(([closing] + after).filter { $0.flags.contains("R") }.compactMap(\.sequenceOffset))
        findings.append(.endIsForged(contact, outcome, speaksAfter || offsets.count >= 3))
        // What refuses a handshake has given no other answer; the host's answers at other ports have come as far.
        let answer = record.handshake?.answers.last?.timeToLive ?? (outcome.isBeforeHandshake ? hostTimeToLive : nil)
        if let answer { findings.append(.endComesFromAsFar(contact, outcome, closing.timeToLive == answer)) }
        return findings
    }

    private func handshake(_ outcome: ProbeOutcome) -> [Finding] {
        guard !outcome.isBeforeHandshake else { return [] }
        var findings: [Finding] = []
        let handshake = record.handshake
        let requests = handshake?.requests.count ?? 0
        let time = handshake?.roundTripSeconds ?? (outcome == .lateConnect ? nil : record.connectSeconds)
        if let reference, let time, reference > 0.004, contact.content == .none || contact.bytes < Contact.bulk {
            // Queues on the way vary by some milliseconds.
            let isShort = time < reference * 0.55 && reference - time > 0.003
            findings.append(.handshakeIsShort(contact, isShort))
        }
        if let handshake {
            let challenged =
                handshake.answers.count >= 2
                && (handshake.answers.first?.acknowledgementOffset ?? 0) != 0
            findings.append(.isChallenged(contact, challenged))
            if requests >= 2, outcome == .lateConnect, let first = handshake.requests.first,
                let last = handshake.requests.last
            {
                findings.append(
                    .onlyECNIsLost(
                        contact,
                        first.flags.contains("E") && first.flags.contains("C") && !last.flags.contains("E")
                    )
                )
            }
        }
        if let options = record.tcp?.options {
            findings.append(.lacksWindowScale(contact, options & 4 == 0))
            findings.append(.lacksSelectiveAcknowledgement(contact, options & 2 == 0))
        }
        return findings
    }

    private func transfer(_ outcome: ProbeOutcome) -> [Finding] {
        var findings: [Finding] = []
        let sent = record.tcp?.bytesSent ?? record.bytesSent
        if outcome.worked, sent >= Contact.bulk {
            findings.append(.loss(contact, ProbeReading.loss(lossShare)))
        }
        if outcome.worked, let least {
            let loaded =
                (record.samples ?? []).compactMap(\.roundTripSeconds).max() ?? record.tcp?.roundTripSeconds ?? least
            findings.append(.roundTripGrows(contact, loaded - least > max(0.06, least)))
        }
        if let busy = record.tcp?.busySeconds, let limited = record.tcp?.receiverLimitedSeconds, busy > 0.05 {
            findings.append(.receiverLimits(contact, limited > busy * 0.5))
        }
        if outcome.worked, let tcp = record.tcp {
            let seen = (tcp.reorderingSeen ?? 0) >= 2 || (tcp.reordering ?? 3) > 3 && (tcp.duplicatesTold ?? 0) >= 1
            findings.append(.reorders(contact, seen))
        }
        return findings
    }
}

extension Double {
    /// The logarithm to the base 2 of what is at least 1; 0 below.
    var binaryLogarithm: Double { self <= 1 ? 0 : Double(self.exponent) + (self.significand - 1) }
}
