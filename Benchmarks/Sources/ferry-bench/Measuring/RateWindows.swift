/// How fast bytes left, in every window of a length, wherever it begins.
struct RateWindows: Codable, Equatable {
    /// The highest rate of any window, in bytes a second.
    var highest = 0.0
    /// The lowest between the first 2 % and the last 2 % of the bytes, where beginning and end do not show.
    var lowest = 0.0
    /// Between the same two moments.
    var mean = 0.0
    var count = 0
    /// How far apart two samples were at the most.
    var longestGapSeconds = 0.0

    /// - Parameter length: of a window, in seconds. A window ends with the first sample that makes it long enough, and
    ///   its rate is by its true length.
    init?(_ samples: [LinkSample], length: Double = 1, _ bytes: (LinkSample) -> Int = \.bytes) {
        guard let first = samples.first, let last = samples.last, bytes(last) > bytes(first) else { return nil }
        let all = bytes(last) - bytes(first)
        guard let begin = samples.first(where: { (bytes($0) - bytes(first)) * 50 >= all }),
            let end = samples.first(where: { (bytes(last) - bytes($0)) * 50 <= all }), end.seconds > begin.seconds
        else { return nil }
        mean = Double(bytes(end) - bytes(begin)) / (end.seconds - begin.seconds)
        lowest = .infinity
        var ending = 0
        for (index, sample) in samples.enumerated() {
            if index > 0 { longestGapSeconds = max(longestGapSeconds, sample.seconds - samples[index - 1].seconds) }
            while ending < samples.count, samples[ending].seconds - sample.seconds < length { ending += 1 }
            guard ending < samples.count else { continue }
            let rate = Double(bytes(samples[ending]) - bytes(sample)) / (samples[ending].seconds - sample.seconds)
            highest = max(highest, rate)
            if sample.seconds >= begin.seconds, samples[ending].seconds <= end.seconds { lowest = min(lowest, rate) }
            count += 1
        }
        guard count > 0 else { return nil }
        if lowest == .infinity { lowest = 0 }
    }
}
