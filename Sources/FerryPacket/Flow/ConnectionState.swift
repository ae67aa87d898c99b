/// How far a connection has come, by the rules of Zeek's `conn_state` and `history`.
struct ConnectionState {
    enum End {
        case inactive
        case synSent
        case synAnswerSent
        case partial
        case established
        case closed
        case reset

        /// Nothing was seen of how it was opened.
        var isUnopened: Bool { self == .inactive || self == .partial }
    }

    struct Side {
        var state = End.inactive
        var previous = End.inactive
        var start: UInt32 = 0
        var last: UInt32 = 0
        var acknowledged: UInt32 = 0
        var lastSYN: UInt32?
        var lastFIN: UInt32?
        var lastRST: UInt32?
        /// Letters that are given only once.
        var once: Once = []
        var counts = InlineArray<3, UInt32>(repeating: 0)
        var thresholds = InlineArray<3, UInt32>(repeating: 1)

        mutating func enter(_ new: End) {
            guard new != state else { return }
            previous = state
            state = new
        }

        mutating func begin(at sequence: UInt32, last: UInt32) {
            start = sequence
            acknowledged = sequence
            self.last = last
        }

        /// Whether it was opened in front of the capture, and not ended but by a FIN.
        var isClean: Bool { state == .established || (state == .closed && previous == .established) }

        /// Whether it sent data that counts, by its sequence numbers.
        var hasData: Bool {
            let end = last.precedes(acknowledged) ? acknowledged : last
            return end.distance(from: start) > (lastFIN == nil ? 1 : 2)
        }
    }

    struct Once: OptionSet {
        var rawValue: UInt8
        static let acknowledgement = Once(rawValue: 1)
        static let data = Once(rawValue: 2)
        static let inconsistent = Once(rawValue: 4)
        static let severalFlags = Once(rawValue: 8)
    }

    private enum Counted: Int {
        case gap
        case again
        case zeroWindow
    }

    private static let largestJump = 1 << 20
    /// Zeek forgets a connection that long after its end; what comes later is another to it, and changes nothing here.
    private static let afterlife: Int64 = 5_000_000_000

    /// The client's, then the server's.
    private var sides = InlineArray<2, Side>(repeating: Side())
    private var letters = HistoryLetters()
    private var overSince: PacketTime?

    /// Zeek's letters: those in upper case are the client's.
    var history: String { letters.text }

    var client: Side { sides[0] }
    var server: Side { sides[1] }

    /// That the first packet went from the server to the client, who must have begun before the capture did.
    mutating func noteFlip() { letters.append("^", isClient: true) }

    /// Takes a segment of the client or the server.
    mutating func take(_ segment: TCPSegment, at time: PacketTime, fromClient: Bool) {
        if isForgotten(at: time) { return }
        let side = fromClient ? 0 : 1
        let length = segment.flags.contains(.rst) ? 0 : UInt32(truncatingIfNeeded: segment.payloadLength)
        let flagLength: UInt32 = (segment.flags.contains(.syn) ? 1 : 0) + (segment.flags.contains(.fin) ? 1 : 0)
        let end = segment.sequence &+ length &+ flagLength
        prepare(side, segment, end)
        noteLetters(side, segment)
        noteWindow(side, segment)
        noteSequence(side, segment, end)
        step(side, segment)
        if overSince == nil, isOver { overSince = time }
    }

    /// That data of the client or the server was acknowledged at `time` without having been captured. It is told only
    /// where both were opened and none is reset: elsewhere the sequence numbers may not be what they seem.
    mutating func noteGap(ofClient: Bool, at time: PacketTime) {
        guard client.isClean, server.isClean, !isForgotten(at: time) else { return }
        count(.gap, "G", ofClient ? 0 : 1)
    }

    private var isOver: Bool {
        client.state == .reset || server.state == .reset || (client.state == .closed && server.state == .closed)
    }

    private func isForgotten(at time: PacketTime) -> Bool {
        guard let overSince else { return false }
        return time - overSince > ConnectionState.afterlife
    }

    private mutating func prepare(_ side: Int, _ segment: TCPSegment, _ end: UInt32) {
        let isSYN = segment.flags.contains(.syn)
        let sequence = segment.sequence
        switch sides[side].state {
        case .inactive:
            // The first packet of what began before the capture is nothing that comes again.
            sides[side].begin(at: isSYN ? sequence : sequence &- 1, last: isSYN ? end : sequence)
        case .synSent, .synAnswerSent, .established, .partial:
            if isSYN, sequence != sides[side].start { sides[side].begin(at: sequence, last: end) }
        case .reset:
            if isSYN, sides[side].previous == .inactive { sides[side].begin(at: sequence, last: end) }
        case .closed: break
        }
    }

    private mutating func noteLetters(_ side: Int, _ segment: TCPSegment) {
        let flags = segment.flags
        let number = segment.sequence &- sides[side].start
        switch flags.intersection([.syn, .fin, .rst]) {
        case []:
            if segment.payloadLength > 0 {
                once(.data, "D", side)
            } else if flags.contains(.ack) {
                once(.acknowledgement, "A", side)
            }
        case .syn:
            if sides[side].lastSYN != number { append(flags.contains(.ack) ? "H" : "S", side) }
            sides[side].lastSYN = number
        case .fin:
            let end = number &+ UInt32(truncatingIfNeeded: segment.payloadLength)
            if sides[side].lastFIN != end { append("F", side) }
            sides[side].lastFIN = end
        case .rst:
            if sides[side].lastRST != number { append("R", side) }
            sides[side].lastRST = number
        case let several where several.isSuperset(of: [.fin, .rst]): once(.inconsistent, "I", side)
        default: once(.severalFlags, "Q", side)
        }
    }

    private mutating func noteWindow(_ side: Int, _ segment: TCPSegment) {
        guard segment.window == 0, !segment.flags.contains(.rst) else { return }
        if sides[1 - side].state != .closed, sides[side].state != .reset { count(.zeroWindow, "W", side) }
    }

    private mutating func noteSequence(_ side: Int, _ segment: TCPSegment, _ end: UInt32) {
        let flags = segment.flags
        if flags.contains(.ack) {
            let peer = 1 - side
            let number = segment.acknowledgement
            if sides[peer].state == .inactive {
                sides[peer].begin(at: number &- 1, last: number &- 1)
            } else if !flags.contains(.rst), sides[peer].acknowledged.precedes(number) {
                let jump = number.distance(from: sides[peer].acknowledged)
                if number != 0 || jump <= ConnectionState.largestJump { sides[peer].acknowledged = number }
            }
        }
        let ahead = end.distance(from: sides[side].last)
        if !flags.isDisjoint(with: [.syn, .rst]), abs(ahead) > ConnectionState.largestJump { return }
        if flags.contains(.fin), sides[side].last == sides[side].start &+ 1 {
            sides[side].last = end
        } else if sides[side].state == .reset {
            return
        } else if ahead > 0 {
            sides[side].last = end
        } else if segment.payloadLength > 0 {
            count(.again, "T", side)
        }
    }

    private mutating func step(_ side: Int, _ segment: TCPSegment) {
        let flags = segment.flags
        let peer = 1 - side
        switch sides[side].state {
        case .inactive: stepInactive(side, segment)
        case .synSent, .synAnswerSent:
            if flags.contains(.fin) { sides[side].enter(.closed) }
            if flags.contains(.rst) { sides[side].enter(.reset) }
        case .established, .partial:
            if flags.contains(.syn), !flags.contains(.ack), sides[side].state == .partial,
                sides[peer].state == .inactive
            {
                sides[side].enter(.synSent)
            }
            if flags.contains(.fin), !flags.contains(.rst) {
                sides[side].enter(.closed)
                // A FIN and then a RST is how many end what is over.
                if sides[peer].state == .reset, sides[peer].previous == .closed { sides[peer].enter(.closed) }
            }
            if flags.contains(.rst) { sides[side].enter(.reset) }
        case .closed:
            if flags.contains(.rst), sides[peer].state != .closed { sides[side].enter(.reset) }
        case .reset: break
        }
    }

    private mutating func stepInactive(_ side: Int, _ segment: TCPSegment) {
        let flags = segment.flags
        let peer = 1 - side
        if flags.contains(.syn) {
            if side == 0 {
                sides[side].enter(flags.contains(.ack) ? .synAnswerSent : .synSent)
            } else {
                if sides[peer].state == .synSent { sides[peer].enter(.established) }
                sides[side].enter(.established)
            }
        }
        if flags.contains(.fin) { sides[side].enter(.closed) }
        if flags.contains(.rst) { sides[side].enter(.reset) }
        guard sides[side].state == .inactive else { return }
        // Some acknowledge a SYN before they answer it.
        if side == 1, segment.payloadLength == 0, sides[0].state == .synSent { return }
        sides[side].enter(flags.contains(.ack) && sides[peer].state == .established ? .established : .partial)
    }

    private mutating func once(_ letter: Once, _ text: Character, _ side: Int) {
        guard sides[side].once.insert(letter).inserted else { return }
        append(text, side)
    }

    /// The letter at the 1st, the 10th, the 100th time and so on.
    private mutating func count(_ what: Counted, _ text: Character, _ side: Int) {
        let place = what.rawValue
        sides[side].counts[place] &+= 1
        guard sides[side].counts[place] == sides[side].thresholds[place] else { return }
        sides[side].thresholds[place] = sides[side].thresholds[place] &* 10
        append(text, side)
    }

    private mutating func append(_ letter: Character, _ side: Int) { letters.append(letter, isClient: side == 0) }
}

extension ConnectionState {
    /// Zeek's word for how it went.
    var name: String {
        switch (client.state, server.state) {
        case (let orig, .reset):
            if orig == .synSent || orig == .synAnswerSent { return "REJ" }
            if orig == .reset, !client.hasData, !server.hasData { return "REJ" }
            return orig.isUnopened ? "RSTRH" : "RSTR"
        case (.reset, let resp):
            guard resp.isUnopened else { return "RSTO" }
            return isHalfOpenAbort ? "RSTOS0" : "OTH"
        case (.closed, .closed): return "SF"
        case (.closed, let resp): return resp.isUnopened ? "SH" : "S2"
        case (let orig, .closed): return orig.isUnopened ? "SHR" : "S3"
        case (.synSent, .inactive): return "S0"
        case (.established, .established): return "S1"
        default: return "OTH"
        }
    }

    /// Whether the history is a SYN and a RST with nothing between that a connection is made of.
    private var isHalfOpenAbort: Bool {
        var rest = Substring(history)
        if rest.first == "^" { rest.removeFirst() }
        guard rest.popFirst() == "S" else { return false }
        return rest.prefix { !"HAFGIQ".contains($0) }.contains("R")
    }
}

/// The letters of a history, without an allocation. One longer than this tells nothing more, and a stranger could make
/// it as long as the capture.
private struct HistoryLetters {
    private var letters = InlineArray<64, UInt8>(repeating: 0)
    private var count = 0

    var text: String { String(decoding: (0..<count).map { letters[$0] }, as: UTF8.self) }

    mutating func append(_ letter: Character, isClient: Bool) {
        guard count < letters.count, let code = letter.asciiValue else { return }
        // The upper and the lower case of a letter differ in one bit.
        letters[count] = isClient ? code : code | 0x20
        count += 1
    }
}
