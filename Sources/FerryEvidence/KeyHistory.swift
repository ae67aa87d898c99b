/// What a key (from where, by which address, to where) had seen of a diagnosis before a connection: limits and blocks count it.
public struct KeyHistory: Codable, Sendable, Equatable {
    /// What was counted in the last so many minutes.
    public struct Count: Codable, Sendable, Equatable {
        /// Minutes.
        public var minutes: Int
        /// Connections that were begun in them.
        public var connects: Int
        /// Bytes that were sent in these.
        public var bytes: Int

        /// A count of nothing.
        public init(minutes: Int) {
            self.minutes = minutes
            connects = 0
            bytes = 0
        }
    }

    /// Seconds since the last connection; nil if there was none.
    public var secondsSinceLast: Double?
    /// Of the last 1, 10 and 60 minutes.
    public var counts: [Count]

    /// A history.
    public init(secondsSinceLast: Double?, counts: [Count]) {
        self.secondsSinceLast = secondsSinceLast
        self.counts = counts
    }
}
