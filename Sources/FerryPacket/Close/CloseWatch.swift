/// Looks at how a flow is ended, and whether by whom it says.
struct CloseWatch {
    /// The first FIN or RST of each side: the client's, then the server's.
    private var fins: (FlowEnding?, FlowEnding?)
    private var resets: (FlowEnding?, FlowEnding?)
    private(set) var signs: ForgerySigns = []
    /// The last RST of each side.
    private var lastResets = InlineArray<2, Reset>(repeating: Reset())
    /// What each side acknowledged last, the newest first: where a RST that answers it has its number from.
    private var acknowledged = InlineArray<2, RecentNumbers>(repeating: RecentNumbers())
    private var answerStart: UInt32?

    private struct Reset {
        var sequence: UInt32 = 0
        var acknowledgement: UInt32?
        var time = PacketTime(nanoseconds: 0)
        var count = 0
    }

    /// Reordering on the way, and capturing with several processors, is over after that.
    private static let reordering: Int64 = 1_000_000

    var clientFIN: FlowEnding? { fins.0 }
    var serverFIN: FlowEnding? { fins.1 }
    var clientReset: FlowEnding? { resets.0 }
    var serverReset: FlowEnding? { resets.1 }

    /// What ended the flow: the first FIN or RST of either side.
    var first: FlowEnding? {
        let all = [fins.0, fins.1, resets.0, resets.1].compactMap { $0 }
        return all.min { $0.number < $1.number }
    }

    mutating func note(_ sign: ForgerySigns) { signs.formUnion(sign) }

    /// Looks at a segment before its side and its peer have taken it.
    mutating func take(
        _ segment: TCPSegment,
        _ header: IPHeader,
        at time: PacketTime,
        number: Int,
        fromClient: Bool,
        _ side: FlowSide,
        _ peer: FlowSide
    ) {
        let place = fromClient ? 0 : 1
        // Who tries again has begun anew: what comes now is no answer to what was before.
        if fromClient, segment.flags.contains(.syn), !segment.flags.contains(.ack) {
            lastResets = InlineArray(repeating: Reset())
        }
        if !segment.flags.isDisjoint(with: [.fin, .rst]) {
            takeEnding(segment, header, at: time, number, fromClient, side, peer)
        }
        if !segment.flags.contains(.rst) { lookBehindReset(segment, at: time, place) }
        lookBehindFIN(segment, at: time, fromClient)
        if !fromClient, segment.flags.contains([.syn, .ack]) {
            if lastResets[1].count > 0 { signs.insert(.answerAfterReset) }
            if let answerStart, answerStart != segment.sequence { signs.insert(.secondAnswer) }
            answerStart = segment.sequence
        }
        if segment.flags.contains(.ack) { acknowledged[place].add(segment.acknowledgement) }
    }

    private mutating func lookBehindReset(_ segment: TCPSegment, at time: PacketTime, _ place: Int) {
        let reset = lastResets[place]
        guard reset.count > 0 else { return }
        if place == 0 { resets.0?.packetsAfter += 1 } else { resets.1?.packetsAfter += 1 }
        if segment.payloadLength > 0, !segment.sequence.precedes(reset.sequence), reset.sequence != 0 {
            signs.insert(.dataAfterReset)
        }
        if time - reset.time > CloseWatch.reordering { signs.insert(.speaksAfterReset) }
    }

    private mutating func lookBehindFIN(_ segment: TCPSegment, at time: PacketTime, _ fromClient: Bool) {
        guard (fromClient ? fins.0 : fins.1) != nil else { return }
        if fromClient { fins.0?.packetsAfter += 1 } else { fins.1?.packetsAfter += 1 }
        guard segment.payloadLength > 1, let end = fromClient ? finEnds.0 : finEnds.1 else { return }
        if end.precedes(segment.sequence &+ UInt32(truncatingIfNeeded: segment.payloadLength)) {
            signs.insert(.dataAfterFIN)
        }
    }

    /// The sequence number of the first FIN of each side.
    private var finEnds: (UInt32?, UInt32?)

    private mutating func takeEnding(
        _ segment: TCPSegment,
        _ header: IPHeader,
        at time: PacketTime,
        _ number: Int,
        _ fromClient: Bool,
        _ side: FlowSide,
        _ peer: FlowSide
    ) {
        let isReset = segment.flags.contains(.rst)
        let ending = FlowEnding(
            kind: isReset ? (segment.flags.contains(.ack) ? .rstAck : .rst) : .fin,
            isClient: fromClient,
            time: time,
            number: number,
            timeToLive: header.timeToLive,
            identification: header.identification,
            sequenceOffset: side.packets == 0 ? 0 : segment.sequence.distance(from: side.sequence.next),
            acknowledgementOffset: segment.flags.contains(.ack) && peer.packets > 0
                ? segment.acknowledgement.distance(from: peer.sequence.next) : nil,
            window: segment.window,
            hasOptions: segment.headerLength > 20
        )
        if let range = side.timesToLive, side.packets > 0, !range.contains(header.timeToLive) {
            signs.insert(.timeToLive)
        }
        if side.identification.isBroken(by: header.identification) { signs.insert(.identification) }
        if isReset {
            testReset(segment, at: time, fromClient ? 0 : 1, side, peer)
            if fromClient { CloseWatch.keep(ending, &resets.0) } else { CloseWatch.keep(ending, &resets.1) }
        } else {
            let end = segment.sequence &+ UInt32(truncatingIfNeeded: segment.payloadLength)
            if fromClient { finEnds.0 = finEnds.0 ?? end } else { finEnds.1 = finEnds.1 ?? end }
            if fromClient { CloseWatch.keep(ending, &fins.0) } else { CloseWatch.keep(ending, &fins.1) }
        }
    }

    private static func keep(_ ending: FlowEnding, _ kept: inout FlowEnding?) {
        if kept == nil { kept = ending } else { kept?.repeats += 1 }
    }

    private mutating func testReset(
        _ segment: TCPSegment,
        at time: PacketTime,
        _ place: Int,
        _ side: FlowSide,
        _ peer: FlowSide
    ) {
        let sequence = segment.sequence
        // A host that has closed answers what comes with the number that is acknowledged there: that one is no guess.
        let isAnswer = acknowledged[1 - place].contains(sequence)
        if let end = side.highestEnd, sequence.precedes(end), !isAnswer { signs.insert(.resetBehindData) }
        let earlier = lastResets[place]
        if earlier.count > 0 {
            if earlier.sequence.precedes(sequence), !isAnswer, sequence != side.sequence.next {
                signs.insert(.sequenceGuesses)
            }
            if segment.flags.contains(.ack), let other = earlier.acknowledgement, other != segment.acknowledgement,
                CloseWatch.isBeyond(segment.acknowledgement, peer) || CloseWatch.isBeyond(other, peer)
            {
                signs.insert(.acknowledgementGuesses)
            }
        }
        lastResets[place] = Reset(
            sequence: sequence,
            acknowledgement: segment.flags.contains(.ack) ? segment.acknowledgement : nil,
            time: time,
            count: earlier.count + 1
        )
    }

    private static func isBeyond(_ number: UInt32, _ peer: FlowSide) -> Bool {
        peer.packets > 0 && peer.sequence.next.precedes(number)
    }
}

/// The last few different numbers.
struct RecentNumbers {
    private var numbers = InlineArray<8, UInt32>(repeating: 0)
    private var count = 0

    mutating func add(_ number: UInt32) {
        if count > 0, numbers[(count - 1) & 7] == number { return }
        numbers[count & 7] = number
        count &+= 1
    }

    func contains(_ number: UInt32) -> Bool {
        for index in 0..<min(count, 8) where numbers[index] == number { return true }
        return false
    }
}
