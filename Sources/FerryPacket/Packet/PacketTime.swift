public import FerryCore

/// When a packet was captured, by the clock of who captured it.
public struct PacketTime: Hashable, Comparable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public var nanoseconds: Int64

    /// The moment `nanoseconds` after 1970-01-01T00:00:00Z.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// Whether the left is earlier.
    public static func < (left: PacketTime, right: PacketTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// How many nanoseconds the left is later than the right. The times of a file may be any, so nothing here traps.
    public static func - (left: PacketTime, right: PacketTime) -> Int64 { left.nanoseconds &- right.nanoseconds }

    /// The time to the microsecond.
    public var utc: UTCTime { UTCTime(microseconds: nanoseconds / 1000) }
}
