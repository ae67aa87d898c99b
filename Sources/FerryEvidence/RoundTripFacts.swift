/// Round trips of one connection, in seconds.
public struct RoundTripFacts: Codable, Sendable, Equatable {
    /// The least.
    public var least: Double
    /// The median.
    public var median: Double
    /// What 95 % are not above.
    public var p95: Double
    /// How many were measured.
    public var samples: Int

    /// Of `seconds`; nil if there are none.
    public init?(_ seconds: [Double]) {
        guard !seconds.isEmpty else { return nil }
        let sorted = seconds.sorted()
        least = sorted[0]
        median = sorted[(sorted.count - 1) / 2]
        p95 = sorted[(sorted.count * 95 + 99) / 100 - 1]
        samples = sorted.count
    }
}
