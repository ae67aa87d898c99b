/// What became of one direction's packets between the two captures.
public struct DirectionComparison {
    /// A packet that was changed.
    public struct Changed {
        /// As it was sent.
        public var sent: RecordedSegment
        /// As it arrived.
        public var arrived: RecordedSegment
        /// What differs.
        public var changes: SegmentChanges
    }

    /// How many were captured at the sender.
    public var sentCount = 0
    /// How many at the receiver.
    public var arrivedCount = 0
    /// How many are in both.
    public var matched = 0
    /// Sent, but never arrived.
    public var lost: [RecordedSegment] = []
    /// Arrived, but never sent: something on the way made them.
    public var forged: [RecordedSegment] = []
    /// How many arrived more often than they were sent.
    public var duplicates = 0
    /// How many were sent or arrived when the other capture was not running.
    public var outside = 0
    /// How many of the sender's came in other segments.
    public var recut = 0
    /// Those that were changed, the first of them.
    public var changed: [Changed] = []
    /// How often each change was made.
    public var changeCounts: [(changes: SegmentChanges, count: Int)] = []
    /// How many routers there are between the captures, by the time to live of most.
    public var hops: Int?
    /// How long packets took, in nanoseconds, by the clocks as corrected.
    var transit = TimeStatistic()

    private static let mostExamples = 50

    init(_ matching: SegmentMatching, _ ends: ComparedEnds) {
        sentCount = ends.sent.count
        arrivedCount = ends.arrived.count
        matched = matching.pairs.count
        recut = matching.recutSent
        duplicates = matching.duplicates
        let pairs = matching.pairs.map { (ends.sent[$0.sent], ends.arrived[$0.arrived]) }
        hops = DirectionComparison.mostFrequent(pairs.map { Int($0.0.timeToLive) - Int($0.1.timeToLive) })
        var counts: [SegmentChanges: Int] = [:]
        for (sent, arrived) in pairs {
            let time = arrived.time - sent.time - ends.clockDifference
            transit.add(max(0, time))
            let changes = SegmentChanges(sent, arrived, hops: hops)
            guard !changes.isEmpty else { continue }
            counts[changes, default: 0] += 1
            if changed.count < DirectionComparison.mostExamples {
                changed.append(Changed(sent: sent, arrived: arrived, changes: changes))
            }
        }
        changeCounts = counts.map { ($0.key, $0.value) }.sorted {
            $0.1 == $1.1 ? $0.0.rawValue < $1.0.rawValue : $0.1 > $1.1
        }
        for place in matching.onlySent {
            if ends.wasListened(ends.sent[place].time) { lost.append(ends.sent[place]) } else { outside += 1 }
        }
        for place in matching.onlyArrived {
            if ends.wasSendable(ends.arrived[place].time) { forged.append(ends.arrived[place]) } else { outside += 1 }
        }
    }

    private static func mostFrequent(_ numbers: [Int]) -> Int? {
        var counts: [Int: Int] = [:]
        for number in numbers { counts[number, default: 0] += 1 }
        return counts.max { $0.value == $1.value ? $0.key > $1.key : $0.value < $1.value }?.key
    }
}

/// One direction's segments at both ends, and when the captures ran.
struct ComparedEnds {
    var sent: [RecordedSegment]
    var arrived: [RecordedSegment]
    /// What the receiver's clock is ahead of the sender's, in nanoseconds.
    var clockDifference: Int64
    /// The least time that a packet took, by the corrected clocks.
    var leastTransit: Int64
    var senderRan: ClosedRange<PacketTime>
    var receiverRan: ClosedRange<PacketTime>
    /// Whether the sender's flow was captured from its SYN on: then nothing was sent before.
    var sawStart: Bool

    /// Whether the receiver's capture ran when what was sent at `time` should have come.
    func wasListened(_ time: PacketTime) -> Bool {
        let arrival = time.nanoseconds &+ clockDifference &+ leastTransit
        return receiverRan.lowerBound.nanoseconds <= arrival && arrival <= receiverRan.upperBound.nanoseconds
    }

    /// Whether the sender's capture ran when what arrived at `time` should have been sent.
    func wasSendable(_ time: PacketTime) -> Bool {
        let sending = time.nanoseconds &- clockDifference &- leastTransit
        return (sawStart || senderRan.lowerBound.nanoseconds <= sending) && sending <= senderRan.upperBound.nanoseconds
    }
}
