extension Flow {
    struct SideTaken {
        var marks: SegmentMarks
        var roundTrip: Int64?
        /// Whether it acknowledges data that was not captured.
        var missed = false
    }

    /// What both sides remember of a segment from one to the other.
    static func take(
        _ segment: TCPSegment,
        _ header: IPHeader,
        _ time: PacketTime,
        from side: inout FlowSide,
        to peer: inout FlowSide,
        _ firstRoundTrip: Int64
    ) -> SideTaken {
        let flags = segment.flags
        let acknowledgedBefore = side.sequence.lastAcknowledgement
        let marks = side.sequence.marks(of: segment, at: time, to: &peer.sequence, firstRoundTrip: firstRoundTrip)
        if !marks.isEmpty { side.marks.add(marks) }
        side.count(segment, header)
        var taken = SideTaken(marks: marks)
        if flags.contains(.ack) {
            taken.roundTrip = peer.roundTrips.acknowledged(segment.acknowledgement, at: time)
            if !flags.contains(.rst) {
                if peer.seen.edge != nil { taken.missed = peer.seen.acknowledged(segment.acknowledgement) > 0 }
                if segment.acknowledgement != acknowledgedBefore {
                    peer.noteAnswer(segment.acknowledgement.distance(from: acknowledgedBefore))
                }
                side.noteDuplicateReport(segment)
            }
        }
        side.noteWindow(segment, at: time)
        side.noteData(segment, marks, at: time)
        if flags.contains(.rst) {
            side.roundTrips.end()
            peer.roundTrips.end()
        }
        return taken
    }
}

extension FlowSide {
    fileprivate mutating func count(_ segment: TCPSegment, _ header: IPHeader) {
        let flags = segment.flags
        packets &+= 1
        ipBytes &+= header.length
        if header.congestion == 3 { congestionMarks &+= 1 }
        let isEnd = !flags.isDisjoint(with: [.fin, .rst])
        if !isEnd || flags.contains(.syn) {
            let ttl = header.timeToLive
            if let range = timesToLive {
                if !range.contains(ttl) { timesToLive = min(range.lowerBound, ttl)...max(range.upperBound, ttl) }
            } else {
                timesToLive = ttl...ttl
            }
        }
        if !flags.contains(.rst) { identification.add(header.identification) }
        if flags.contains(.syn) {
            synCount &+= 1
            if opening == nil {
                opening = Opening(
                    sequence: segment.sequence,
                    window: segment.window,
                    timeToLive: header.timeToLive,
                    flags: flags,
                    options: segment.options
                )
            }
        }
        if flags.contains(.fin) { finCount &+= 1 }
        if flags.contains(.rst) { rstCount &+= 1 }
    }

    /// RFC 2883: a block below what is acknowledged tells of data that came twice.
    fileprivate mutating func noteDuplicateReport(_ segment: TCPSegment) {
        guard segment.options.sackBlockCount > 0 else { return }
        if segment.options.sackBlocks[0].left.precedes(segment.acknowledgement) { duplicateReports &+= 1 }
    }

    /// The peer acknowledged `step` bytes more than before. So many at once have large segments in them.
    fileprivate mutating func noteAnswer(_ step: Int) {
        guard highestEnd != nil else { return }
        repeatsUnanswered = 0
        largestUnanswered = 0
        if step >= largestPayload { largestAnswered = largestPayload }
    }

    fileprivate mutating func noteWindow(_ segment: TCPSegment, at time: PacketTime) {
        guard segment.flags.isDisjoint(with: [.syn, .rst]) else { return }
        let bytes = Int(UInt32(segment.window) &<< sequence.scale.shift)
        if let range = windows {
            if !range.contains(bytes) { windows = min(range.lowerBound, bytes)...max(range.upperBound, bytes) }
        } else {
            windows = bytes...bytes
        }
        if bytes == 0, !segment.flags.contains(.fin) {
            zeroWindowSince = zeroWindowSince ?? time
        } else {
            endZeroWindow(at: time)
        }
    }

    fileprivate mutating func noteData(_ segment: TCPSegment, _ marks: SegmentMarks, at time: PacketTime) {
        let flags = segment.flags
        if flags.contains(.syn) { seen.start(at: segment.sequence &+ 1) }
        guard segment.sequenceLength > 0, !flags.contains(.rst) else { return }
        let length = segment.payloadLength
        let start = segment.sequence &+ (flags.contains(.syn) ? 1 : 0)
        let end = start &+ UInt32(truncatingIfNeeded: length)
        if length > 0 {
            payloadBytes &+= length
            dataPackets &+= 1
            largestPayload = max(largestPayload, length)
            newBytes &+= seen.saw(start, end)
        }
        // A FIN takes one number, which is none of data but has to be passed.
        if flags.contains(.fin) { _ = seen.saw(end, end &+ 1) }
        // The last byte, sent again, looks like the question whether the peer is there.
        let isLastByte = marks.contains(.keepAlive) && roundTrips.areWaiting
        let isAgain = isLastByte || !marks.isDisjoint(with: [.anyRetransmission, .outOfOrder])
        if isAgain, length > 0, marks.isDisjoint(with: [.outOfOrder, .keepAlive]) {
            repeatsUnanswered += 1
            largestUnanswered = max(largestUnanswered, length)
        }
        roundTrips.sent(segment.sequence &+ segment.sequenceLength, at: time, isAgain: isAgain)
        if let highest = highestEnd, !highest.precedes(end) { return }
        highestEnd = end
    }
}
