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

    /// The kernel's round trips on a connection that stands, of those `samples` in which content was on its way, or of those in
    /// which none was; nil if there are none. What the kernel does not say counts for neither.
    public init?(_ samples: [TCPFacts], areLoaded: Bool) {
        let standing = samples.filter { $0.state == RoundTripFacts.established }
        let wanted = standing.filter { sample in sample.unacknowledged.map { ($0 > 0) == areLoaded } ?? false }
        self.init(wanted.compactMap(\.roundTripSeconds))
    }

    private static let established = 1
}
