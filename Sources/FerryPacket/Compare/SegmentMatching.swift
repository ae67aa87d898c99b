/// Which segment of one direction at its sender is which at its receiver.
struct SegmentMatching {
    /// What is the same of a segment at both ends, whatever is translated between them.
    private struct Key: Hashable {
        var sequence: UInt32
        var acknowledgement: UInt32
        var length: Int
        var flags: UInt16
        var timestamp: UInt32
    }

    /// How the numbers at the receiver differ from those at the sender.
    struct Shift {
        var sequence: UInt32 = 0
        var acknowledgement: UInt32 = 0
    }

    private static let lasting: TCPFlags = [.syn, .fin, .rst, .ack]

    /// Places in the sender's and the receiver's list.
    private(set) var pairs: [(sent: Int, arrived: Int)] = []
    private(set) var onlySent: [Int] = []
    private(set) var onlyArrived: [Int] = []
    /// How many arrived more often than they were sent, all alike.
    private(set) var duplicates = 0
    /// Cut anew between the ends, or put together by a network card: the same bytes in other segments.
    private(set) var recutSent = 0
    private(set) var recutArrived = 0
    /// The least difference of the times of segments that are one for sure, in nanoseconds.
    private(set) var leastDifference: Int64?

    private let sent: [RecordedSegment]
    private let arrived: [RecordedSegment]
    private var groups: [Key: (sent: [Int], arrived: [Int])] = [:]

    init(sent: [RecordedSegment], arrived: [RecordedSegment], shift: Shift) {
        self.sent = sent
        self.arrived = arrived
        // Where timestamps are taken out on the way, they tell nothing apart.
        let hasTimestamps = sent.contains { $0.timestamp != nil } && arrived.contains { $0.timestamp != nil }
        func key(_ segment: RecordedSegment, _ shift: Shift) -> Key {
            Key(
                sequence: segment.sequence &- shift.sequence,
                acknowledgement: segment.flags.contains(.ack) ? segment.acknowledgement &- shift.acknowledgement : 0,
                length: segment.payloadLength,
                flags: segment.flags.intersection(SegmentMatching.lasting).rawValue,
                timestamp: hasTimestamps ? segment.timestamp ?? 0 : 0
            )
        }
        for (place, segment) in sent.enumerated() {
            groups[key(segment, Shift()), default: ([], [])].sent.append(place)
        }
        for (place, segment) in arrived.enumerated() {
            groups[key(segment, shift), default: ([], [])].arrived.append(place)
        }
        for group in groups.values where group.sent.count == 1 && group.arrived.count == 1 {
            let difference = arrived[group.arrived[0]].time - sent[group.sent[0]].time
            leastDifference = min(leastDifference ?? difference, difference)
        }
    }

    /// Clocks run apart, and capturing takes its time.
    private static let slack: Int64 = 200_000

    /// Of segments that are all alike, as duplicate acknowledgements are, there may be any number.
    private static let mostLookedAt = 64

    /// Matches, once `leastDifference` is known of the direction: nothing arrives sooner.
    mutating func match(leastDifference: Int64) {
        for group in groups.values {
            var open = group.sent
            // From the last on: what arrived is the latest that can have been sent, so that of two sendings of which one
            // arrived it is the second, unless the identification says otherwise.
            for arrival in group.arrived.reversed() {
                let latest = arrived[arrival].time.nanoseconds - leastDifference + SegmentMatching.slack
                let possible = open.partitioningIndex { sent[$0].time.nanoseconds > latest }
                let identification = arrived[arrival].identification
                let looked = max(0, possible - SegmentMatching.mostLookedAt)..<possible
                let same = looked.last { identification != 0 && sent[open[$0]].identification == identification }
                guard let chosen = same ?? (possible > 0 ? possible - 1 : nil) else {
                    let isTwin = group.sent.prefix(SegmentMatching.mostLookedAt).contains {
                        arrived[arrival].isTwin(of: sent[$0])
                    }
                    if isTwin { duplicates += 1 } else { onlyArrived.append(arrival) }
                    continue
                }
                pairs.append((open[chosen], arrival))
                open.remove(at: chosen)
            }
            onlySent += open
        }
        pairs.sort { $0.sent < $1.sent }
        onlySent.sort()
        onlyArrived.sort()
    }

    /// Takes out of what has no partner what came in other segments.
    mutating func forgiveRecutting(shift: Shift) {
        let arrivedData = SegmentMatching.ranges(onlyArrived.map { arrived[$0] }, shift.sequence)
        let sentData = SegmentMatching.ranges(onlySent.map { sent[$0] }, 0)
        guard !arrivedData.isEmpty, !sentData.isEmpty else { return }
        let before = (onlySent.count, onlyArrived.count)
        onlySent.removeAll { SegmentMatching.isCovered(sent[$0], 0, by: arrivedData) }
        onlyArrived.removeAll { SegmentMatching.isCovered(arrived[$0], shift.sequence, by: sentData) }
        recutSent = before.0 - onlySent.count
        recutArrived = before.1 - onlyArrived.count
    }

    private typealias Run = (start: UInt32, end: UInt32)

    /// The runs of bytes that segments without SYN and RST have, joined.
    private static func ranges(_ segments: [RecordedSegment], _ shift: UInt32) -> [Run] {
        let runs = segments.filter { $0.payloadLength > 0 && $0.flags.isDisjoint(with: [.syn, .rst]) }
            .map { segment -> Run in
                let start = segment.sequence &- shift
                return (start, start &+ UInt32(truncatingIfNeeded: segment.payloadLength))
            }.sorted { $0.start.precedes($1.start) }
        var joined: [Run] = []
        for run in runs {
            if let last = joined.last, !last.end.precedes(run.start) {
                if last.end.precedes(run.end) { joined[joined.count - 1].end = run.end }
            } else {
                joined.append(run)
            }
        }
        return joined
    }

    private static func isCovered(_ segment: RecordedSegment, _ shift: UInt32, by runs: [Run]) -> Bool {
        guard segment.payloadLength > 0, segment.flags.isDisjoint(with: [.syn, .rst]) else { return false }
        let start = segment.sequence &- shift
        let end = start &+ UInt32(truncatingIfNeeded: segment.payloadLength)
        // The last run that does not begin behind it is the only one that can have all of it.
        let place = runs.partitioningIndex { start.precedes($0.start) }
        return place > 0 && !runs[place - 1].end.precedes(end)
    }
}

extension Array {
    /// The first place at which `isBehind` holds, if it holds from one place on for all.
    func partitioningIndex(_ isBehind: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
