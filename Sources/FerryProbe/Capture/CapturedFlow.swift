internal import FerryEvidence
internal import FerryPacket

/// What was captured of one connection of a probe, at the end that makes it.
struct CapturedFlow {
    private(set) var requests: [PacketFacts] = []
    private(set) var answers: [PacketFacts] = []
    private(set) var closing: PacketFacts?
    private(set) var closingCount = 0
    private(set) var after: [PacketFacts] = []
    private(set) var icmp: ICMPFacts?
    /// All ICMP errors about it, of which ``icmp`` is the one that counts for a probe.
    private(set) var errors: [ICMPFacts] = []
    /// The next byte that this end would send, and that it waits for.
    private(set) var sendNext: UInt32?
    private(set) var receiveNext: UInt32?
    /// The byte that the peer's end waits for.
    private(set) var acknowledged: UInt32?
    private var hasClosedItself = false
    /// The last packet each way, and where: what passes two devices of one host is one packet.
    private var last: [Bool: (device: Int32, mark: [UInt32])] = [:]

    private static let most = 16
    private static let mostErrors = 256

    /// Whether the service's end answered the request, or refused it.
    var isAnswered: Bool { !answers.isEmpty || closing != nil || icmp != nil }

    mutating func take(_ header: IPHeader, _ segment: TCPSegment, isOurs: Bool, device: Int32, seconds: Double) {
        let mark = [
            segment.sequence, segment.acknowledgement, UInt32(segment.flags.rawValue), header.identification,
            UInt32(truncatingIfNeeded: segment.payloadLength),
        ]
        if let last = last[isOurs], last.device != device, last.mark == mark { return }
        last[isOurs] = (device, mark)
        var facts = PacketFacts(header, segment, seconds: seconds)
        let known = isOurs ? sendNext : receiveNext
        let other = isOurs ? receiveNext : sendNext
        let isOpening = segment.flags.contains(.syn)
        // By it the connection is known elsewhere on its way, whatever its addresses have become.
        if isOpening { facts.sequence = segment.sequence }
        facts.sequenceOffset = isOpening ? nil : known.map { distance(from: $0, to: segment.sequence) }
        if segment.flags.contains(.ack) {
            facts.acknowledgementOffset = other.map { distance(from: $0, to: segment.acknowledgement) }
        }
        if isOurs { takeOurs(facts, segment) } else { takeTheirs(facts, segment) }
    }

    mutating func take(_ error: ICMPFacts) {
        // Of a ladder each step has its own; a probe's first is the one that counts.
        if icmp == nil || error.meaning == .timeExceeded { icmp = error }
        if errors.count < CapturedFlow.mostErrors { errors.append(error) }
    }

    /// The errors that came from `start` on, with seconds from then.
    func errors(since start: Double) -> [ICMPFacts] {
        errors.filter { $0.seconds >= start }.map { error in
            var since = error
            since.seconds = error.seconds - start
            return since
        }
    }

    private mutating func takeOurs(_ facts: PacketFacts, _ segment: TCPSegment) {
        if segment.flags.contains(.syn) {
            if requests.count < CapturedFlow.most { requests.append(facts) }
            sendNext = segment.sequence &+ 1
            return
        }
        // A RST of our own kernel, in answer to what does not belong to the connection, says nothing.
        guard !segment.flags.contains(.rst) else { return }
        if segment.flags.contains(.fin), closing == nil { hasClosedItself = true }
        advance(&sendNext, segment)
    }

    private mutating func takeTheirs(_ facts: PacketFacts, _ segment: TCPSegment) {
        let closes = !segment.flags.isDisjoint(with: [.fin, .rst])
        if segment.flags.contains(.ack), !segment.flags.contains(.rst) { acknowledged = segment.acknowledgement }
        if segment.flags.isSuperset(of: [.syn, .ack]) {
            if answers.count < CapturedFlow.most { answers.append(facts) }
            // One that acknowledges something else is no answer, and its number says nothing of what follows.
            if receiveNext == nil, facts.acknowledgementOffset == 0 { receiveNext = segment.sequence &+ 1 }
        }
        // What follows our own close is the end that was asked for.
        if closes, !hasClosedItself {
            closingCount += 1
            if closing == nil {
                closing = facts
                if !segment.flags.contains(.rst) { advance(&receiveNext, segment) }
                return
            }
        }
        if closing != nil, after.count < CapturedFlow.most { after.append(facts) }
        if !segment.flags.contains(.rst), !segment.flags.contains(.syn) { advance(&receiveNext, segment) }
    }

    private func advance(_ next: inout UInt32?, _ segment: TCPSegment) {
        let end = segment.sequence &+ segment.sequenceLength
        guard let known = next else {
            next = end
            return
        }
        if distance(from: known, to: end) > 0 { next = end }
    }

    /// The handshake; nil if nothing of it was seen.
    var handshake: HandshakeFacts? {
        guard !requests.isEmpty || !answers.isEmpty else { return nil }
        let first = answers.first?.seconds
        let asked = first.flatMap { first in requests.last { $0.seconds <= first }?.seconds }
        let roundTrip = first.flatMap { first in asked.map { ((first - $0) * 1e6).rounded() / 1e6 } }
        return HandshakeFacts(requests: requests, answers: answers, roundTripSeconds: roundTrip)
    }
}
