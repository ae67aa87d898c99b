internal import FerryEvidence
internal import FerryPacket

/// One direction of a connection as it passes a host.
struct WatchedDirection {
    private struct Mark: Hashable {
        var sequence: UInt32
        var acknowledgement: UInt32
        var flags: UInt16
        var identification: UInt32
        var length: Int
    }

    /// Counts and lists, but for what the stream's pieces add up to.
    private var counted = SeenDirection()
    private var stream = StreamCoverage()
    /// Whether copies that come count, or those that go; and of which device.
    private var origin: (isOutgoing: Bool, device: Int32)?
    /// Packets that opened or closed, and the last others.
    private var rare: Set<Mark> = []
    private var recent: [Mark] = []
    private var initial: UInt32?
    private var reached: Int?
    private var hasContent = false

    private static let mostRare = 64
    private static let mostRecent = 256
    private static let mostListed = 8

    mutating func take(
        _ header: IPHeader,
        _ segment: TCPSegment,
        isOutgoing: Bool,
        device: Int32,
        seconds: Double
    ) {
        let mark = Mark(
            sequence: segment.sequence,
            acknowledgement: segment.acknowledgement,
            flags: segment.flags.rawValue,
            identification: header.identification,
            length: segment.payloadLength
        )
        guard counts(mark, isRare: !segment.flags.isDisjoint(with: [.syn, .fin, .rst]), isOutgoing, device) else {
            return
        }
        counted.packets += 1
        counted.bytes += segment.payloadLength
        if counted.firstSeconds == nil { (counted.firstSeconds, counted.firstSequence) = (seconds, segment.sequence) }
        counted.lastSeconds = seconds
        if segment.payloadLength > 0 || !hasContent { counted.timeToLive = Int(header.timeToLive) }
        if segment.payloadLength > 0 { hasContent = true }
        list(header, segment, seconds)
        follow(segment)
    }

    /// Whether this copy counts.
    private mutating func counts(_ mark: Mark, isRare: Bool, _ isOutgoing: Bool, _ device: Int32) -> Bool {
        if origin == nil { origin = (isOutgoing, device) }
        guard let origin else { return false }
        defer {
            if isRare, rare.count < WatchedDirection.mostRare {
                rare.insert(mark)
            } else if !isRare, !isOutgoing {
                recent.append(mark)
                if recent.count > 2 * WatchedDirection.mostRecent { recent.removeFirst(WatchedDirection.mostRecent) }
            }
        }
        if origin.isOutgoing == isOutgoing, origin.device == device { return true }
        if isRare { return !rare.contains(mark) }
        // The other copy of the same, or of one by another way.
        return !isOutgoing && !recent.suffix(WatchedDirection.mostRecent).contains(mark)
    }

    private mutating func list(_ header: IPHeader, _ segment: TCPSegment, _ seconds: Double) {
        let opens = segment.flags.contains(.syn)
        let closes = !segment.flags.isDisjoint(with: [.fin, .rst])
        guard opens || closes else { return }
        var facts = PacketFacts(header, segment, seconds: seconds)
        if opens { facts.sequence = segment.sequence }
        if let next = stream.next, !opens { facts.sequenceOffset = distance(from: next, to: segment.sequence) }
        if opens, counted.openings.count < WatchedDirection.mostListed { counted.openings.append(facts) }
        if closes, counted.closings.count < WatchedDirection.mostListed { counted.closings.append(facts) }
    }

    private mutating func follow(_ segment: TCPSegment) {
        if segment.flags.contains(.syn) {
            if initial != segment.sequence {
                initial = segment.sequence
                reached = 0
                stream = StreamCoverage(next: segment.sequence &+ 1)
            }
            return
        }
        guard segment.payloadLength > 0 else { return }
        let end = segment.sequence &+ UInt32(truncatingIfNeeded: segment.payloadLength)
        switch stream.take(segment.sequence, end) {
        case .new: break
        case .again: counted.repeats += 1
        case .late: counted.outOfOrder += 1
        }
        if let initial { reached = max(reached ?? 0, distance(from: initial &+ 1, to: end)) }
    }

    /// What was seen.
    var seen: SeenDirection {
        var result = counted
        result.reached = reached
        result.gaps = stream.holes
        return result
    }
}

/// Which parts of a stream were seen.
struct StreamCoverage {
    enum Kind {
        /// Beyond all before it.
        case new
        /// Seen before.
        case again
        /// Before others that came earlier, and not seen before.
        case late
    }

    /// The end of what was seen, the highest.
    private(set) var next: UInt32?
    /// What was not seen below it.
    private var missing: [(start: UInt32, end: UInt32)] = []
    private static let most = 512

    init(next: UInt32? = nil) { self.next = next }

    /// Parts that were never seen.
    var holes: Int { missing.count }

    mutating func take(_ start: UInt32, _ end: UInt32) -> Kind {
        guard let known = next else {
            next = end
            return .new
        }
        if distance(from: known, to: start) >= 0 {
            if start != known, missing.count < StreamCoverage.most { missing.append((known, start)) }
            next = end
            return .new
        }
        if distance(from: known, to: end) > 0 { next = end }
        return fill(start, end) ? .late : .again
    }

    /// Takes what is between out of what is missing; whether anything of it was.
    private mutating func fill(_ start: UInt32, _ end: UInt32) -> Bool {
        var left: [(start: UInt32, end: UInt32)] = []
        var isFilled = false
        for hole in missing {
            guard distance(from: hole.start, to: end) > 0, distance(from: start, to: hole.end) > 0 else {
                left.append(hole)
                continue
            }
            isFilled = true
            if distance(from: hole.start, to: start) > 0 { left.append((hole.start, start)) }
            if distance(from: end, to: hole.end) > 0 { left.append((end, hole.end)) }
        }
        if isFilled { missing = left }
        return isFilled
    }
}
