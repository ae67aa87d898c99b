public import FerryCore

/// What the site's line carried: `time,bitsPerSecond`, a line for each reading.
public struct UplinkReadings: Sendable, Equatable {
    /// The readings, by time.
    public var readings: [(time: UTCTime, bitsPerSecond: Double)]
    /// Lines that could not be read, but for a last one without an end, which is being written.
    public var unreadable = 0

    /// Reads CSV with or without a heading.
    public init(parsing text: String) {
        readings = []
        for line in text.split(whereSeparator: \.isNewline) {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
            if cells.first == "time" { continue }
            guard cells.count >= 2, let time = UTCTime(parsing: cells[0]), let rate = Double(cells[1]), rate >= 0 else {
                if line.endIndex < text.endIndex { unreadable += 1 }
                continue
            }
            readings.append((time, rate))
        }
        readings.sort { $0.time < $1.time }
    }

    /// Whether the line carried at least 90 % of its capacity in most of the last readings up to `now`.
    /// - Returns: nil if nothing was read in the minute before, or the capacity is not known.
    public func isFull(capacity: Double?, now: UTCTime, within seconds: Double = 60) -> Bool? {
        guard let capacity, capacity > 0 else { return nil }
        let from = UTCTime(microseconds: now.microseconds - Int64(seconds * 1e6))
        let recent = readings.filter { $0.time >= from && $0.time <= now }.suffix(5)
        guard !recent.isEmpty else { return nil }
        let full = recent.filter { $0.bitsPerSecond >= capacity * 0.9 }.count
        return full * 2 > recent.count
    }

    /// Two are equal when they tell the same.
    public static func == (left: UplinkReadings, right: UplinkReadings) -> Bool {
        left.unreadable == right.unreadable && left.readings.elementsEqual(right.readings) { $0 == $1 }
    }
}
