/// How a flow was opened.
public struct Handshake {
    /// When the first SYN was seen.
    public internal(set) var firstSYN: PacketTime?
    /// When the last SYN before an answer was seen.
    public internal(set) var lastSYN: PacketTime?
    /// When the first SYN+ACK was seen.
    public internal(set) var answer: PacketTime?
    /// When the client's first acknowledgement after that was seen.
    public internal(set) var confirmation: PacketTime?
    /// What Wireshark calls the initial round trip: from the last SYN to the first segment with ACK and without SYN, in
    /// nanoseconds; 0 if not known.
    public internal(set) var firstRoundTrip: Int64 = 0
    /// Whether a SYN+ACK acknowledged something else than the SYN.
    public internal(set) var hasWrongAnswer = false

    /// From the SYN to its answer, in nanoseconds; nil if there is none, or if it is not known which SYN was answered.
    public func serverRoundTrip(synCount: Int) -> Int64? {
        guard let firstSYN, let answer, synCount == 1 else { return nil }
        return answer - firstSYN
    }

    /// From the answer to its confirmation, in nanoseconds.
    public func clientRoundTrip(answerCount: Int) -> Int64? {
        guard let answer, let confirmation, answerCount == 1 else { return nil }
        return confirmation - answer
    }

    mutating func take(_ segment: TCPSegment, at time: PacketTime, fromClient: Bool, clientStart: UInt32?) {
        switch (segment.flags.intersection([.syn, .ack]), fromClient) {
        case (.syn, true):
            firstSYN = firstSYN ?? time
            if answer == nil { lastSYN = time }
        case ([.syn, .ack], false):
            answer = answer ?? time
            if let clientStart, segment.acknowledgement.distance(from: clientStart &+ 1) != 0,
                // With data in the SYN, more may be acknowledged.
                segment.acknowledgement.distance(from: clientStart) > 65_535
                    || segment.acknowledgement.distance(from: clientStart) < 1
            {
                hasWrongAnswer = true
            }
        case (.ack, true):
            if answer != nil, confirmation == nil, !segment.flags.contains(.rst) { confirmation = time }
        default: break
        }
    }
}
