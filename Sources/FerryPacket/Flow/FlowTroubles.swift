internal import FerryCore

extension Flow {
    /// From the SYN to its answer, in nanoseconds, if it is known which SYN was answered.
    public var serverRoundTrip: Int64? { handshake.serverRoundTrip(synCount: client.synCount) }

    /// What a person should look at, the gravest first.
    public var troubles: [FlowTrouble] {
        var found: [FlowTrouble] = []
        func add(_ kind: FlowTrouble.Kind, _ text: String?) {
            if let text { found.append(FlowTrouble(kind: kind, text: text)) }
        }
        add(.forgedEnd, forgedEndText)
        add(.unanswered, unansweredText)
        add(.refused, refusedText)
        add(.icmpError, icmpText)
        add(.idleReset, idleResetText)
        add(.reset, resetText)
        add(.closedAtOnce, closedAtOnceText)
        for (side, peer, name) in [(client, server, "client"), (server, client, "server")] {
            let lost = largeSegmentsText(side, peer, name)
            add(.largeSegmentsLost, lost)
            if lost == nil { add(.fellSilent, fellSilentText(side, name)) }
            add(.retransmissions, retransmissionText(side, name))
            add(.receiverStalled, stallText(side, name))
            add(.delayGrew, delayText(side, name))
            add(.reordering, reorderingText(side, name))
            add(.captureGaps, gapText(side, name))
        }
        add(.slowStart, slowStartText)
        add(.wrongAnswer, handshake.hasWrongAnswer ? "a SYN+ACK acknowledged something else than the SYN" : nil)
        return found
    }

    private func since(_ time: PacketTime) -> String { PacketText.time(time - start) }

    private var wasOpen: Bool { server.packets > 0 && (handshake.answer != nil || handshake.firstSYN == nil) }

    private var forgedEndText: String? {
        guard forgery.verdict == .likely else { return nil }
        let how = ending?.kind == .fin ? "FIN" : "RST"
        let signs = forgery.names.joined(separator: ", ")
        return "its \(how) was likely not sent by the \(endingName) but by something on the way (\(signs))"
    }

    private var endingName: String { ending?.isClient == true ? "client" : "server" }

    private var unansweredText: String? {
        guard handshake.firstSYN != nil, server.packets == 0 else { return nil }
        let tries = PacketText.count(client.synCount, "SYN")
        return "no answer to \(tries)" + (client.synCount > 1 ? " in \(PacketText.time(duration))" : "")
    }

    private var refusedText: String? {
        guard handshake.answer == nil, let reset = close.serverReset, let syn = handshake.firstSYN else { return nil }
        return
            "refused \(PacketText.time(reset.time - syn)) after the SYN, by a RST with time to live \(reset.timeToLive)"
    }

    private var icmpText: String? {
        guard let first = complaints.first else { return nil }
        return "\(first.sender) says \(since(first.time)) after the start: \(first.meaning)"
            + (complaints.count > 1 ? " (\(complaints.count) times)" : "")
    }

    /// Below the shortest idle timer that is met.
    private static let longPause: Int64 = 10_000_000_000

    private var idleResetText: String? {
        guard let reset = firstReset, wasOpen, longestPause >= Flow.longPause,
            reset.time - pauseStart >= longestPause
        else { return nil }
        return "ended by a RST after \(PacketText.time(longestPause)) without a packet"
    }

    private var firstReset: FlowEnding? {
        guard let client = close.clientReset else { return close.serverReset }
        guard let server = close.serverReset else { return client }
        return client.number < server.number ? client : server
    }

    private var resetText: String? {
        guard wasOpen, let reset = firstReset, let ending, idleResetText == nil else { return nil }
        // After both sides have said that they are done, a RST only hurries.
        if ending.kind == .fin, close.clientFIN != nil, close.serverFIN != nil { return nil }
        let name = reset.isClient ? "client" : "server"
        var text = "reset by the \(name) \(since(reset.time)) after the start"
        text +=
            ", \(ByteCount(client.newBytes)) from the client and \(ByteCount(server.newBytes)) from the server before"
        return text + strangeTimeToLive(reset, "RST")
    }

    /// A time to live that none of the sender's other packets has.
    private func strangeTimeToLive(_ ending: FlowEnding, _ name: String) -> String {
        let side = ending.isClient ? client : server
        guard let range = side.timesToLive, !range.contains(ending.timeToLive) else { return "" }
        let others = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
        return "; the \(name) has time to live \(ending.timeToLive), its other packets \(others)"
    }

    private var closedAtOnceText: String? {
        guard isEstablished, let ending, !ending.isClient, ending.kind == .fin else { return nil }
        guard server.newBytes == 0 else { return nil }
        let before = client.newBytes == 0 ? "before anybody sent data" : "without an answer to the client's data"
        return "closed by the server \(since(ending.time)) after the start, \(before)"
            + strangeTimeToLive(ending, "FIN")
    }
}

extension Flow {
    /// More than what links with tunnels of any kind carry.
    private static let largeSegment = 1200

    private func largeSegmentsText(_ side: FlowSide, _ peer: FlowSide, _ name: String) -> String? {
        guard side.repeatsUnanswered >= 2, side.largestUnanswered >= Flow.largeSegment,
            peer.packets > 0, peer.finCount + peer.rstCount == 0, side.largestAnswered < Flow.largeSegment
        else { return nil }
        return
            "the \(name)'s segments of \(side.largestUnanswered) bytes are never acknowledged, though smaller ones are"
    }

    private func fellSilentText(_ side: FlowSide, _ name: String) -> String? {
        guard side.repeatsUnanswered >= 3 else { return nil }
        return "the \(name)'s last data was sent \(side.repeatsUnanswered) times again and never acknowledged"
    }

    private func retransmissionText(_ side: FlowSide, _ name: String) -> String? {
        let again = side.retransmissions
        // One of a hundred is what a path without trouble has at most.
        guard again >= 2, again * 100 > side.dataPackets else { return nil }
        let share = (Double(again) * 1000 / Double(max(1, side.dataPackets))).rounded() / 10
        var kinds: [String] = []
        for (mark, text) in [
            (SegmentMarks.fastRetransmission, "fast"), (.retransmission, "by timeout"),
            (.spuriousRetransmission, "needless"),
        ] where side.count(mark) > 0 { kinds.append("\(side.count(mark)) \(text)") }
        return "\(again) of the \(name)'s \(PacketText.count(side.dataPackets, "data packet")) were sent again, "
            + "\(share) % (\(kinds.joined(separator: ", ")))"
    }

    private func stallText(_ side: FlowSide, _ name: String) -> String? {
        guard side.zeroWindowTime >= 100_000_000 else { return nil }
        return "the \(name) took no data for \(PacketText.time(side.zeroWindowTime)): its window was zero"
    }

    private func delayText(_ side: FlowSide, _ name: String) -> String? {
        let times = side.roundTrips.statistic
        let usual = times.quantile(0.95)
        guard times.count >= 20, usual - times.least >= 100_000_000, usual >= 2 * times.least else { return nil }
        return "the round trip of the \(name)'s data grew from \(PacketText.time(times.least)) to "
            + "\(PacketText.time(usual)) (95th percentile)"
    }

    private func reorderingText(_ side: FlowSide, _ name: String) -> String? {
        let count = side.count(.outOfOrder)
        guard count >= 3, count * 100 > side.dataPackets else { return nil }
        // Who captures where they are sent sees what was sent again late as if it had been overtaken.
        return "\(PacketText.count(count, "segment")) of the \(name) came out of order, overtaken or sent again"
    }

    private func gapText(_ side: FlowSide, _ name: String) -> String? {
        guard side.seen.missing > 0 else { return nil }
        return "the capture lacks \(ByteCount(side.seen.missing)) of the \(name)'s data that were acknowledged"
    }

    private var slowStartText: String? {
        guard handshake.answer != nil, let first = handshake.firstSYN, let last = handshake.lastSYN, first < last else {
            return nil
        }
        let again = client.opening.map { $0.flags.contains(.ece) } == true ? "; the first asked for ECN" : ""
        return "the first SYN was not answered, one \(PacketText.time(last - first)) later was\(again)"
    }
}
