/// What Wireshark's rules remember of one direction of a flow. Its fields hold what its rules say, also where that is
/// odd: an acknowledgement number is remembered from segments without the flag ACK too.
struct SequenceState {
    /// What counts as the first sequence number; guessed if there was no SYN.
    var base: UInt32?
    /// The next sequence number if nothing is missing; 0 before anything was seen, as in Wireshark.
    var next: UInt32 = 0
    var nextTime = PacketTime(nanoseconds: 0)
    /// Up to where everything was seen in order, or acknowledged since.
    var acknowledgeable: UInt32 = 0
    var lastAcknowledgement: UInt32 = 0
    var lastTime = PacketTime(nanoseconds: 0)
    /// The last window, not shifted; larger than any before there is one.
    var window: UInt32 = .max
    /// -1 after an acknowledgement of what was not seen while the peer sent only acknowledgements.
    var duplicates = 0
    var lastMarks: SegmentMarks = []
    var scale = WindowScale.unknown
    /// Whether the last window is that of a SYN, which is not shifted.
    var isWindowOfSYN = false

    /// The window in bytes, shifted if it is known by how much.
    var windowBytes: UInt32 { isWindowOfSYN ? window : window &<< scale.shift }
}

/// By how much a side's windows are shifted.
enum WindowScale: Equatable {
    /// Its SYN was not seen.
    case unknown
    /// Not at all: one of the two did not want it.
    case unused
    case shift(UInt8)

    var shift: UInt32 {
        if case .shift(let count) = self { UInt32(count) } else { 0 }
    }
}

extension SequenceState {
    /// Three milliseconds: sooner than that nothing is sent again after a loss, where the round trip is not known.
    private static let shortestRecovery: Int64 = 3_000_000
    private static let fastRecovery: Int64 = 20_000_000

    /// The marks of `segment`, which goes from `self` to `peer`; both are brought up to date. `firstRoundTrip` is that
    /// of the handshake in nanoseconds, 0 if it is not known.
    mutating func marks(
        of segment: TCPSegment,
        at time: PacketTime,
        to peer: inout SequenceState,
        firstRoundTrip: Int64
    ) -> SegmentMarks {
        let flags = segment.flags
        let length = UInt32(truncatingIfNeeded: segment.payloadLength)
        let opensOrEnds = !flags.isDisjoint(with: [.syn, .fin])
        var marks = noteBase(segment, &peer)
        marks.formUnion(windowMarks(of: segment, length, peer))
        if segment.acknowledgement != lastAcknowledgement { duplicates = 0 }
        if flags.contains(.ack), peer.isBeyondSeen(segment.acknowledgement) {
            marks.formUnion(.acknowledgesUnseen)
        }
        if length > 0 || opensOrEnds, !marks.contains(.keepAlive) {
            let kind = repetition(segment, length, at: time, peer, firstRoundTrip)
            marks.formUnion(kind)
        }
        advance(segment, length, at: time, isProbe: marks.contains(.zeroWindowProbe))
        window = UInt32(segment.window)
        lastAcknowledgement = segment.acknowledgement
        lastTime = time
        lastMarks = marks
        noteWindowScale(segment, &peer)
        return marks
    }

    private mutating func noteBase(_ segment: TCPSegment, _ peer: inout SequenceState) -> SegmentMarks {
        defer {
            if peer.base == nil, segment.flags.contains(.ack) { peer.base = segment.acknowledgement &- 1 }
        }
        guard let known = base else {
            base = segment.flags.contains(.syn) ? segment.sequence : segment.sequence &- 1
            return []
        }
        guard segment.flags.contains(.syn) else { return [] }
        if segment.flags.contains(.ack), segment.sequence != known {
            base = segment.sequence
            return .reusedPorts
        }
        // A reset may have had a sequence number of its own choice: what is expected is what the SYN says.
        if !segment.flags.contains(.ack), segment.sequence == known { next = acknowledgeable }
        return []
    }

    /// What is told by the window, or by nothing being new.
    @inline(__always)
    private mutating func windowMarks(
        of segment: TCPSegment,
        _ length: UInt32,
        _ peer: SequenceState
    ) -> SegmentMarks {
        let sequence = segment.sequence
        if length == 1, sequence == next, peer.window == 0 { return .zeroWindowProbe }
        var marks: SegmentMarks = []
        let isPlain = segment.flags.isDisjoint(with: [.syn, .fin, .rst])
        if segment.window == 0, isPlain { marks.insert(.zeroWindow) }
        if next != 0, next.precedes(sequence), !segment.flags.contains(.rst) { marks.insert(.gap) }
        guard isPlain else { return marks }
        if length <= 1, sequence == next &- 1 { marks.insert(.keepAlive) }
        if length > 0 {
            if peer.scale != .unknown, sequence &+ length == peer.lastAcknowledgement &+ peer.windowBytes {
                marks.insert(.windowFull)
            }
            return marks
        }
        guard sequence == next, segment.acknowledgement == lastAcknowledgement else { return marks }
        if UInt32(segment.window) != window {
            if segment.window != 0 { marks.insert(.windowUpdate) }
        } else if segment.window == 0 {
            if peer.lastMarks.contains(.zeroWindowProbe) { marks.insert(.zeroWindowProbeAnswer) }
        } else if peer.lastMarks.contains(.keepAlive) {
            marks.insert(.keepAliveAnswer)
        } else {
            duplicates = duplicates < 0 ? 1 : duplicates + 1
            marks.insert(.duplicateAcknowledgement)
        }
        return marks
    }

    /// Whether an acknowledgement of `number` is of more than was seen from this side, and not told yet.
    private mutating func isBeyondSeen(_ number: UInt32) -> Bool {
        guard acknowledgeable != 0, acknowledgeable.precedes(number) else { return false }
        if acknowledgeable.precedes(next) {
            acknowledgeable = next
            return true
        }
        defer { duplicates = -1 }
        return duplicates == 0
    }

    /// Whether it has asked for something again. Wireshark's count has no sign, so that -1 is more than any.
    private var hasRepeatedItself: Bool { duplicates >= 2 || duplicates < 0 }

    /// Whether and why this is not the first time that the data of `segment` comes.
    private func repetition(
        _ segment: TCPSegment,
        _ length: UInt32,
        at time: PacketTime,
        _ peer: SequenceState,
        _ firstRoundTrip: Int64
    ) -> SegmentMarks {
        let sequence = segment.sequence
        let end = sequence &+ length
        if length > 0, peer.lastAcknowledgement != 0, !peer.lastAcknowledgement.precedes(end) {
            return .spuriousRetransmission
        }
        // More than one byte from the byte before the next on is new data after the probe of a window.
        guard next != 0, sequence.precedes(next), !(length > 1 && next &- 1 == sequence) else { return [] }
        let sinceAnswer = time - peer.lastTime
        if peer.hasRepeatedItself, peer.lastAcknowledgement == sequence, (0..<Self.fastRecovery).contains(sinceAnswer) {
            return .fastRetransmission
        }
        let recovery = firstRoundTrip == 0 ? Self.shortestRecovery : firstRoundTrip
        let isEnd = !segment.flags.isDisjoint(with: [.syn, .fin])
        if (0..<max(0, recovery)).contains(time - nextTime), next != end &+ (isEnd ? 1 : 0) { return .outOfOrder }
        return .retransmission
    }

    private mutating func advance(_ segment: TCPSegment, _ length: UInt32, at time: PacketTime, isProbe: Bool) {
        guard !isProbe else { return }
        let end = segment.sequence &+ length &+ (segment.flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
        if next == 0 || next.precedes(end) {
            next = end
            nextTime = time
        }
        if acknowledgeable == 0 || segment.sequence == acknowledgeable { acknowledgeable = next }
    }

    private mutating func noteWindowScale(_ segment: TCPSegment, _ peer: inout SequenceState) {
        guard segment.flags.contains(.syn) else {
            if segment.flags.contains(.ack) { isWindowOfSYN = false }
            return
        }
        isWindowOfSYN = true
        if let shift = segment.options.windowScale {
            scale = .shift(shift)
            if segment.flags.contains(.ack), peer.scale == .unused { scale = .unused }
        } else if scale == .unknown {
            scale = .unused
            peer.scale = .unused
        }
    }
}
