public import FerryCore
public import FerryEvidence

/// What one rate came to: what arrived of it, and how long the round trip was meanwhile.
public struct RateStep: Codable, Sendable, Equatable {
    /// The rate that was offered, in bits of content per second.
    public var offeredBitsPerSecond: Double
    /// What was acknowledged while content moved, in bits per second; nil if too little was to tell.
    public var achievedBitsPerSecond: Double?
    /// Seconds over which that was measured.
    public var seconds: Double?
    /// Bytes of content that were to be sent.
    public var bytesOffered: Int
    /// Bytes that were acknowledged; nil if the kernel does not say.
    public var bytesAcknowledged: Int?
    /// Seconds of the shortest round trip of the connection.
    public var unloadedRoundTripSeconds: Double?
    /// Seconds of the round trip while content moved: half of the samples are below it.
    public var loadedRoundTripSeconds: Double?
    /// The same: nineteen of twenty are.
    public var loadedRoundTrip95Seconds: Double?
    /// Samples while content moved, one each 100 ms.
    public var samples: Int
    /// The share of the sent bytes that was sent again, from 0 to 1; nil if the kernel does not say.
    public var retransmittedShare: Double?
    /// The share of the time with something to send in which the receiver's window was full, from 0 to 1.
    public var receiverLimitedShare: Double?
    /// What the connection came to.
    public var outcome: ProbeOutcome

    /// Less than this acknowledged is a greeting or a question, and no content: one segment.
    private static let leastContent = 1448

    /// What `record` shows of a connection that was to offer `rate`.
    public init(_ record: ProbeRecord, offered rate: BitRate) {
        offeredBitsPerSecond = Double(rate.bitsPerSecond)
        bytesOffered = record.plan.payload?.bytes ?? 0
        bytesAcknowledged = record.bytesAcknowledged
        outcome = record.outcome
        samples = 0
        let all = RateStep.samples(of: record)
        let acknowledged = all.map { $0.bytesAcknowledged ?? 0 }
        let most = acknowledged.max() ?? 0
        if let tcp = record.tcp {
            retransmittedShare = RateStep.share(tcp.bytesRetransmitted, of: tcp.bytesSent)
            if let limited = tcp.receiverLimitedSeconds, let busy = tcp.busySeconds, busy > 0 {
                receiverLimitedShare = min(1, max(0, limited / busy))
            }
        }
        let known = all.compactMap(\.leastRoundTripSeconds) + all.prefix(1).compactMap(\.roundTripSeconds)
        unloadedRoundTripSeconds = known.filter { $0 > 0 }.min()
        // From the first content that was acknowledged to the last: neither the handshake nor the silence at the end counts.
        guard let first = acknowledged.firstIndex(where: { $0 >= RateStep.leastContent }),
            let last = acknowledged.firstIndex(of: most), last > first
        else { return }
        let moving = all[first...last]
        let seconds = all[last].seconds - all[first].seconds
        let times = moving.compactMap(\.roundTripSeconds).filter { $0 > 0 }.sorted()
        samples = times.count
        if !times.isEmpty {
            loadedRoundTripSeconds = times[(times.count - 1) / 2]
            loadedRoundTrip95Seconds = times[min(times.count - 1, Int((Double(times.count) * 0.95).rounded(.down)))]
        }
        guard seconds > 0 else { return }
        self.seconds = seconds
        achievedBitsPerSecond = Double(acknowledged[last] - acknowledged[first]) * 8 / seconds
    }

    /// All samples in the order of time, with the kernel's last word: of a long connection the last samples are not kept.
    private static func samples(of record: ProbeRecord) -> [TCPFacts] {
        let kept = record.samples ?? []
        guard let tcp = record.tcp, tcp.seconds > (kept.last?.seconds ?? -1) else { return kept }
        return kept + [tcp]
    }

    private static func share(_ part: Int?, of all: Int?) -> Double? {
        guard let part, let all, all > 0 else { return nil }
        return min(1, max(0, Double(part) / Double(all)))
    }
}

extension RateStep {
    /// A pause of a loaded machine at either end of a step takes some percent of it.
    private static let followingShare = 0.85
    /// A smoothed round trip of a path without a queue moves by less, even over radio.
    private static let leastGrowthSeconds = 0.02

    /// Whether what was offered arrived.
    public var isKept: Bool {
        outcome.worked && (achievedBitsPerSecond ?? 0) >= offeredBitsPerSecond * RateStep.followingShare
    }

    /// Seconds by which the round trip grew under load, if that is more than a path does by itself: something stood in a
    /// queue. By the median, since the longest round trips of a step are also those of a machine that was busy for a moment.
    public var queueSeconds: Double? {
        guard let unloaded = unloadedRoundTripSeconds, let loaded = loadedRoundTripSeconds else { return nil }
        let growth = loaded - unloaded
        return growth > max(RateStep.leastGrowthSeconds, unloaded / 2) ? growth : nil
    }

    /// Bytes that stood in that queue, as far as the rate at which it was emptied tells.
    public var queueBytes: Int? {
        guard let queueSeconds, let achieved = achievedBitsPerSecond else { return nil }
        return Int(min(1e15, achieved / 8 * queueSeconds))
    }
}
