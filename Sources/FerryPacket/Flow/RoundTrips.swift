/// Round trips of one direction: from a segment to the acknowledgement of its end. Segments that were sent more than
/// once are not counted, because it cannot be told which one was meant (Karn and Partridge, 1987).
struct RoundTrips {
    private struct Sent {
        var end: UInt32
        /// Nil if it was sent again.
        var time: PacketTime?
    }

    /// More than a window of 1 MiB has in full segments. What is beyond is not measured.
    private static let mostWaiting = 1024

    private var waiting: [Sent] = []
    private var first = 0
    private(set) var statistic = TimeStatistic()

    /// A segment that ends at `end` was sent; `isAgain` if some of it was sent before.
    mutating func sent(_ end: UInt32, at time: PacketTime, isAgain: Bool) {
        if isAgain {
            for index in first..<waiting.count where !waiting[index].end.precedes(end) || index == first {
                waiting[index].time = nil
            }
            return
        }
        guard waiting.count - first < RoundTrips.mostWaiting else { return }
        waiting.append(Sent(end: end, time: time))
    }

    /// The round trip in nanoseconds that an acknowledgement of all before `number` ends, if it ends one.
    mutating func acknowledged(_ number: UInt32, at time: PacketTime) -> Int64? {
        var answer: Int64?
        while first < waiting.count, !number.precedes(waiting[first].end) {
            if waiting[first].end == number, let sent = waiting[first].time { answer = time - sent }
            first += 1
        }
        // The array moves to its front when that costs little: when it is empty, or half of it is done.
        if first == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            first = 0
        } else if first >= 64, first * 2 >= waiting.count {
            waiting.removeFirst(first)
            first = 0
        }
        if let answer, answer >= 0 { statistic.add(answer) }
        return answer
    }

    /// Whether something waits for its acknowledgement.
    var areWaiting: Bool { first < waiting.count }

    /// What waits will not be acknowledged.
    mutating func end() {
        waiting = []
        first = 0
    }
}

/// The least, the mean and how times are spread, in a few bytes however many there are.
struct TimeStatistic {
    private(set) var count = 0
    private(set) var least: Int64 = .max
    private(set) var greatest: Int64 = 0
    private var sum: Int64 = 0
    /// Eight classes for each doubling from 1 µs on: a quantile is right within 9 %.
    private var classes: [UInt32] = []
    private static let most = 8 * 28

    mutating func add(_ nanoseconds: Int64) {
        count += 1
        least = min(least, nanoseconds)
        greatest = max(greatest, nanoseconds)
        sum &+= nanoseconds
        let place = TimeStatistic.place(nanoseconds)
        while classes.count <= place { classes.append(0) }
        classes[place] &+= 1
    }

    var mean: Int64 { count == 0 ? 0 : sum / Int64(count) }

    /// The time that `share` of all are not above, in nanoseconds.
    func quantile(_ share: Double) -> Int64 {
        let wanted = (share * Double(count)).rounded(.up)
        var seen = 0.0
        for (place, number) in classes.enumerated() {
            seen += Double(number)
            if seen >= wanted { return min(greatest, max(least, TimeStatistic.middle(place))) }
        }
        return greatest
    }

    private static func place(_ nanoseconds: Int64) -> Int {
        let units = UInt64(max(nanoseconds, 0)) / 125
        guard units >= 8 else { return 0 }
        let doublings = 63 - units.leadingZeroBitCount
        let eighth = Int(units >> UInt64(doublings - 3)) & 7
        return min(most - 1, (doublings - 3) * 8 + eighth)
    }

    private static func middle(_ place: Int) -> Int64 {
        let base = Int64(125 * (8 + place % 8)) << Int64(place / 8)
        return base + (Int64(125) << Int64(place / 8)) / 2
    }
}
