public import FerryCore

/// When a packet was captured, by the clock of who captured it.
public struct PacketTime: Hashable, Comparable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z, below 2^62.
    public let nanoseconds: Int64

    /// The moment `nanoseconds` after 1970-01-01T00:00:00Z, or the nearest one from there to the year 2116: a file may say
    /// anything, and this way neither the distance of two times nor the sum of two distances can overflow.
    public init(nanoseconds: Int64) { self.nanoseconds = min(max(nanoseconds, 0), PacketTime.mostNanoseconds) }

    private static let mostNanoseconds: Int64 = (1 << 62) - 1
    /// The last moment there is.
    static let latest = PacketTime(nanoseconds: mostNanoseconds)

    /// Whether the left is earlier.
    public static func < (left: PacketTime, right: PacketTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// How many nanoseconds the left is later than the right.
    public static func - (left: PacketTime, right: PacketTime) -> Int64 { left.nanoseconds - right.nanoseconds }

    /// The time to the microsecond.
    public var utc: UTCTime { UTCTime(microseconds: nanoseconds / 1000) }
}
