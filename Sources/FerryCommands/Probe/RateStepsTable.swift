internal import FerryCore
internal import FerryEvidence
internal import FerryIdentity
internal import FerryProbe

/// Rates as lines of a table.
enum RateStepsTable {
    static let head =
        line(["offered", "achieved", "round trip: idle", "loaded", "95 % below", "sent again", "outcome"])

    static func row(_ step: RateStep, _ record: ProbeRecord) -> String {
        line([
            rate(step.offeredBitsPerSecond),
            step.achievedBitsPerSecond.map(rate) ?? "-",
            time(step.unloadedRoundTripSeconds),
            time(step.loadedRoundTripSeconds),
            time(step.loadedRoundTrip95Seconds),
            step.retransmittedShare.map(share) ?? "-",
            ForeignText.printable(record.told),
        ])
    }

    static func rate(_ bitsPerSecond: Double) -> String {
        "\(BitRate(bitsPerSecond: UInt64(max(0, min(bitsPerSecond, 1e15)).rounded())))"
    }

    static func time(_ seconds: Double?) -> String { seconds.map(ProbeTable.time) ?? "-" }

    /// In percent, with two decimals: some hundredths of a percent already slow a long path.
    static func share(_ share: Double) -> String {
        let hundredths = Int((min(1, max(0, share)) * 10_000).rounded())
        let digits = String(hundredths % 100)
        return "\(hundredths / 100)." + String(repeating: "0", count: 2 - digits.count) + digits + " %"
    }

    private static func line(_ words: [String]) -> String {
        let widths = [12, 12, 16, 10, 10, 10]
        let padded = zip(words, widths).map { word, width in
            word + String(repeating: " ", count: max(0, width - word.count))
        }
        return (padded + words.dropFirst(widths.count)).joined(separator: "  ")
    }
}
