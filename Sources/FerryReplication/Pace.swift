internal import NIOCore

/// How fast the job goes, smoothed over some seconds.
struct Pace {
    private var samples: [(at: NIODeadline, sent: Int, scanned: Int)] = []

    /// Notes the sums at `now`; called every second.
    mutating func note(sent: Int, scanned: Int, at now: NIODeadline) {
        samples.append((now, sent, scanned))
        if samples.count > 10 { samples.removeFirst() }
    }

    private func perSecond(_ value: (Int, Int) -> Int) -> Double {
        guard let first = samples.first, let last = samples.last, last.at > first.at else { return 0 }
        return Double(value(last.sent - first.sent, last.scanned - first.scanned))
            / (Double((last.at - first.at).nanoseconds) / 1e9)
    }

    /// Whether enough seconds were seen.
    var isKnown: Bool { samples.count >= 3 }

    /// Bytes given to connections in a second.
    var bytesPerSecond: Double { perSecond { sent, _ in sent } }

    /// Seconds until `bytes` of the disks are dealt with; nil if nothing moves.
    func remaining(_ bytes: Int) -> Double? {
        let scannedPerSecond = perSecond { _, scanned in scanned }
        return scannedPerSecond > 0 ? Double(max(0, bytes)) / scannedPerSecond : nil
    }
}
